using HepBridge.Fuzz.Corpora;
using HepBridge.Fuzz.Targets;

namespace HepBridge.Fuzz.Runs;

/// <summary>Runs single inputs again.</summary>
internal static class Repeat
{
    /// <summary>Runs one file with its target; returns the exit code.</summary>
    public static int Input(IReadOnlyList<FuzzTarget> targets, string path, TextWriter output)
    {
        FuzzTarget target = targets[0];
        byte[] input = File.ReadAllBytes(path);
        Trial trial = Trial.Of(target, input);
        output.WriteLine(trial.Problem is { } problem
            ? $"FAILED {target.Name}, {input.Length} bytes: {problem}"
            : $"{target.Name}: {(trial.Outcome.Accepted ? "accepted" : "rejected")} ({trial.Outcome.Label}), {trial.Time.TotalMilliseconds:0.0} ms, {trial.Allocated / 1024} KB");
        return trial.Problem is null ? 0 : 1;
    }

    /// <summary>Failures of inputs that failed before (<c>Regressions/TARGET/*.bin</c>); empty if all pass.</summary>
    public static IEnumerable<string> Regressions(FuzzTarget target)
    {
        string directory = Path.Combine(RepositoryFiles.Regressions, target.Name);
        return Directory.Exists(directory)
            ? Problems(target, Directory.GetFiles(directory).Order(StringComparer.Ordinal).Select(path => (Path.GetFileName(path), File.ReadAllBytes(path))))
            : [];
    }

    /// <summary>Failures of the unchanged inputs of a target's corpus: each must be accepted.</summary>
    public static IEnumerable<string> Corpus(FuzzTarget target)
    {
        for (int i = 0; i < target.Corpus.Count; i++)
        {
            Trial trial = Trial.Of(target, [.. target.Corpus[i]]);
            if (trial.Problem is not null || !trial.Outcome.Accepted)
            {
                yield return $"input {i} of the corpus of {target.Name}: {trial.Problem ?? "refused, " + trial.Outcome.Label}";
            }
        }
    }

    private static IEnumerable<string> Problems(FuzzTarget target, IEnumerable<(string Name, byte[] Bytes)> inputs) =>
        from input in inputs
        let problem = Trial.Of(target, input.Bytes).Problem
        where problem is not null
        select $"{target.Name}/{input.Name}: {problem}";
}
