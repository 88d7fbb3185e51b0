using System.Diagnostics;

namespace HepBridge.Benchmarks.Soak;

/// <summary><c>soak</c>: minutes of a bad network and a bad switch, to see whether the agent stays stable.</summary>
internal static class SoakRun
{
    private const int SamplesToCollection = 5;
    private static readonly TimeSpan _settling = TimeSpan.FromSeconds(30);

    /// <summary>The exit code: 0 flat and nothing missing, 1 not, 2 invalid arguments.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        if (SoakOptions.TryParse(args) is not { } options)
        {
            await Console.Error.WriteLineAsync($"usage: HepBridge.Benchmarks {SoakOptions.Usage}");
            return 2;
        }

        string configuration = Path.Combine(Path.GetTempPath(), $"hepbridge-soak-{Environment.ProcessId}.json");
        await using SoakCollector collector = new();
        await using SoakSwitch source = new(options);
        await File.WriteAllTextAsync(configuration, SoakConfiguration.Make(options, source.Port, collector.UdpPort, collector.TcpPort));
        try
        {
            return await RunAsync(options, configuration, source, collector);
        }
        finally
        {
            File.Delete(configuration);
        }
    }

    private static async Task<int> RunAsync(SoakOptions options, string configuration, SoakSwitch source, SoakCollector collector)
    {
        Console.WriteLine($"{options.Duration.TotalMinutes:0.##} minutes, {options.Rate} events/s, {options.Live} legs, seed {options.Seed}");
        Console.WriteLine($"at most {options.MaxLegs} known, legs age in {SoakOptions.LegAge.TotalSeconds:0} s, mishaps every {options.Period.TotalSeconds:0} s\n");
        using SoakAgent agent = await SoakAgent.StartAsync(configuration);
        List<SoakSample> samples = [];
        long began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < options.Duration)
        {
            await Task.Delay(options.SampleInterval);
            if (agent.HasExited)
            {
                Console.WriteLine($"FAIL the agent has ended:\n{agent.LastLines}");
                return 1;
            }

            if (samples.Count % SamplesToCollection == 0)
            {
                await agent.CollectAsync();
            }

            samples.Add(await agent.SampleAsync(Stopwatch.GetElapsedTime(began)));
        }

        source.EndEvents();
        SoakSample last = await SettleAsync(agent, source, collector, began);
        SoakReport report = new(options, samples, Console.Out);
        report.Flatness();
        report.Conservation(source, collector, last.Metrics);
        return report.Conclude(await agent.EndAsync()) ? 0 : 1;
    }

    // Until everything is quiet: all events sent were received, and all packets made have arrived.
    private static async Task<SoakSample> SettleAsync(SoakAgent agent, SoakSwitch source, SoakCollector collector, long began)
    {
        long start = Stopwatch.GetTimestamp();
        SoakSample before;
        SoakSample now = await agent.SampleAsync(Stopwatch.GetElapsedTime(began));
        long came;
        do
        {
            came = collector.ByUdp + collector.ByTcp;
            before = now;
            await Task.Delay(TimeSpan.FromSeconds(1));
            now = await agent.SampleAsync(Stopwatch.GetElapsedTime(began));
        }
        while (Stopwatch.GetElapsedTime(start) < _settling
            && (now.Metrics["events_received"] != before.Metrics["events_received"] || now.Metrics["output_packets_sent"] != before.Metrics["output_packets_sent"]
                || now.Metrics["output_packets_queued"] > 0 || now.Metrics["events_received"] < source.Sent || came != collector.ByUdp + collector.ByTcp));
        return now;
    }
}
