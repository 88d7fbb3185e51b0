using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace HepBridge.Benchmarks.Micro;

/// <summary>Parts of the hot path, measured by BenchmarkDotNet in this process: a separate one would have to be restored and built first.</summary>
internal static class MicroBenchmarks
{
    /// <summary>Runs the benchmarks selected by the arguments (BenchmarkDotNet's own: <c>--filter *Parser*</c>); all if there are none.</summary>
    public static int Run(string[] arguments)
    {
        IConfig configuration = DefaultConfig.Instance
            .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
            .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "hepbridge-benchmarks"));
        IEnumerable<BenchmarkDotNet.Reports.Summary> summaries =
            BenchmarkSwitcher.FromTypes([typeof(ParserBenchmarks), typeof(EncoderBenchmarks), typeof(LegTableBenchmarks), typeof(PskBenchmarks)])
                .Run(arguments.Length == 0 ? ["--filter", "*"] : arguments, configuration);
        return summaries.Any() && summaries.All(summary => !summary.HasCriticalValidationErrors) ? 0 : 1;
    }
}
