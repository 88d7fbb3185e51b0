using System.Text.RegularExpressions;
using HepBridge.Inputs.LogFiles;
using HepBridge.Tests.Esl;

namespace HepBridge.Tests.Inputs.LogFiles;

/// <summary>A directory with a log file, and a follower of it.</summary>
public abstract class LogFileFollowerRig : IDisposable
{
    private protected string Dir { get; } = Directory.CreateTempSubdirectory("hepbridge-logs-").FullName;

    private protected ManualTime Time { get; } = new();

    private protected Lines Received { get; } = new();

    private protected Notices Noticed { get; } = new();

    private protected string Log => Path.Combine(Dir, "app.log");

    public void Dispose()
    {
        Directory.Delete(Dir, recursive: true);
        GC.SuppressFinalize(this);
    }

    private protected void Rotate(bool isCopied)
    {
        for (int i = 50; i > 0; i--)
        {
            if (File.Exists($"{Log}.{i}"))
            {
                File.Move($"{Log}.{i}", $"{Log}.{i + 1}", overwrite: true);
            }
        }

        if (isCopied)
        {
            File.Copy(Log, Log + ".1");
            File.WriteAllText(Log, "");
        }
        else
        {
            File.Move(Log, Log + ".1");
            File.WriteAllText(Log, "");
        }
    }

    private protected static void Write(string path, string text) => File.AppendAllText(path, text);

    private protected static void Poll(LogFileFollower follower)
    {
        while (follower.Poll())
        {
        }
    }

    private protected LogFileFollower Started(string? path = null)
    {
        LogFileFollower follower = Follow(path: path);
        Poll(follower);
        return follower;
    }

    private protected LogFileFollower Follow(IReadOnlyList<LogFilePosition>? positions = null, string? path = null, string? begin = null) =>
        new(new LogFilePaths(path ?? Log), new LogFileOptions(10_000, begin is null ? null : new Regex(begin)), positions ?? [], Received, Noticed, Time);

    private protected sealed class Notices : ILogFileEvents
    {
        public List<string> Unreadable { get; } = [];

        public List<(string Path, bool IsCovered)> Rotated { get; } = [];

        public void OnUnreadable(string path, string problem) => Unreadable.Add(path);

        /// <summary>What happens right after the follower has opened the next file.</summary>
        public Action? OnceFollowing { get; set; }

        public void OnFollowing(string path, long offset)
        {
            Action? once = OnceFollowing;
            OnceFollowing = null;
            once?.Invoke();
        }

        public void OnRotated(string path, bool isCovered) => Rotated.Add((path, isCovered));
    }
}
