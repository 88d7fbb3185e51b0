using HepBridge.Configuration;
using HepBridge.Inputs.LogFiles;
using Microsoft.Win32.SafeHandles;

namespace HepBridge.Checks;

/// <summary>Checks whether log files exist and are readable, and how many of their last lines each pattern matches.</summary>
internal sealed class LogFilesCheck(LogFilesInputConfiguration configuration) : ICheck
{
    private const int LastLines = 1_000;
    private const int LastBytes = 4 << 20;

    public string Subject => configuration.Identity;

    public Task RunAsync(CheckResults results, CancellationToken cancellationToken)
    {
        foreach (LogFileSource source in configuration.Sources)
        {
            string[] paths = [.. new LogFilePaths(source.Path).Find()];
            if (paths.Length == 0)
            {
                results.Warning($"{source.Path} does not exist", "check logs.path; a file that appears later is followed from its beginning");
            }

            foreach (string path in paths)
            {
                cancellationToken.ThrowIfCancellationRequested();
                CheckFile(results, source, path);
            }
        }

        CheckPositions(results);
        return Task.CompletedTask;
    }

    private void CheckFile(CheckResults results, LogFileSource source, string path)
    {
        List<string> records;
        try
        {
            records = ReadLast(path, source);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            results.Error($"{path} can't be read by {Environment.UserName} ({e.Message})", "give HepBridge's user the right to read it, for example by the file's group: SupplementaryGroups=adm in a drop-in (systemctl edit hepbridge)");
            return;
        }

        int[] matches = new int[source.Patterns.Count];
        foreach (string record in records)
        {
            for (int i = 0; i < matches.Length; i++)
            {
                if (source.Patterns[i].TryMatch(record, out _))
                {
                    matches[i]++;
                    break;
                }
            }
        }

        for (int i = 0; i < matches.Length; i++)
        {
            string what = $"{path}: {source.Patterns[i].Text} matches {matches[i]} of the last {records.Count} lines";
            bool isFine = matches[i] > 0 || records.Count == 0;
            results.OkUnless(isFine ? null : "either these lines belong to no call, or the pattern is wrong: its first group must be the SIP Call-ID", what);
        }
    }

    private List<string> ReadLast(string path, LogFileSource source)
    {
        LastRecords records = new();
        using SafeFileHandle handle = FollowedFile.Open(path);
        long start = Math.Max(0, RandomAccess.GetLength(handle) - LastBytes);
        if (FollowedFile.From(path, handle, start, new LogFileOptions(configuration.MaxLine, source.RecordBegin), records) is { } file)
        {
            byte[] buffer = new byte[64 * 1_024];
            while (file.Read(buffer))
            {
            }

            file.Flush();
        }

        return [.. records.Records];
    }

    private void CheckPositions(CheckResults results)
    {
        if (configuration.StatePath is not { } path)
        {
            results.Warning("positions are not saved: a restart starts at the end of each file", "set state_path");
            return;
        }

        string directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        try
        {
            SpoolCheck.TryWriteIn(directory);
            results.Ok($"positions are saved in {path}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            results.Error($"{directory} can't be written by {Environment.UserName} ({e.Message})", "set state_path to a file in a directory that HepBridge's user can write");
        }
    }

    private sealed class LastRecords : ILogRecordHandler
    {
        public Queue<string> Records { get; } = new();

        public void OnRecord(string path, string record, long cutBytes)
        {
            if (Records.Count == LastLines)
            {
                Records.Dequeue();
            }

            Records.Enqueue(record);
        }
    }
}
