using System.Globalization;
using HepBridge.Configuration;

namespace HepBridge.Checks;

/// <summary>Whether a spool's directory can be written and has room. A running agent's spool is not disturbed.</summary>
internal sealed class SpoolCheck(SpoolConfiguration spool) : ICheck
{
    public string Subject => $"spool {spool.Path}";

    public Task RunAsync(CheckResults results, CancellationToken cancellationToken)
    {
        string path = Path.GetFullPath(spool.Path);
        bool exists = Directory.Exists(path);
        string there = path;
        while (!Directory.Exists(there) && Path.GetDirectoryName(there) is { } parent)
        {
            if (File.Exists(there))
            {
                results.Error($"{there} is a file", "set spool.path to a directory");
                return Task.CompletedTask;
            }

            there = parent;
        }

        try
        {
            // Written and gone again: who owns it doesn't change, whoever runs the check.
            string probe = Path.Combine(there, $".check-{Guid.NewGuid():N}");
            using (new FileStream(probe, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.DeleteOnClose }))
            {
            }

            results.Ok(exists ? $"can be written by {Environment.UserName}" : $"will be made in {there}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            results.Error(
                $"{there} can't be written by {Environment.UserName} ({e.Message})",
                "make it the agent's own (the systemd unit's StateDirectory is /var/lib/hepbridge), or set spool.path to a directory that it may write");
            return Task.CompletedTask;
        }

        LookAtRoom(results, there);
        return Task.CompletedTask;
    }

    private void LookAtRoom(CheckResults results, string directory)
    {
        try
        {
            long free = new DriveInfo(directory).AvailableFreeSpace;
            string room = string.Create(CultureInfo.InvariantCulture, $"{free >> 20} MB are free, max_bytes is {spool.MaxBytes >> 20} MB");
            if (free >= spool.MaxBytes)
            {
                results.Ok(room);
            }
            else
            {
                results.Warning($"{room}: a long outage would fill the disk first", "lower spool.max_bytes, or give the directory a larger file system");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            results.Warning($"the free space isn't known ({e.Message})", "look at it with df");
        }
    }
}
