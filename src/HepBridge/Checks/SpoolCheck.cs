using HepBridge.Configuration;

namespace HepBridge.Checks;

/// <summary>Checks whether a spool's directory is writable and has room. Does not disturb a running agent's spool.</summary>
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
            TryWriteIn(there);
            results.Ok(exists ? $"writable by {Environment.UserName}" : $"will be created in {there}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            results.Error(
                $"{there} is not writable by {Environment.UserName} ({e.Message})",
                "make the agent's user its owner (the systemd unit's StateDirectory is /var/lib/hepbridge), or set spool.path to a writable directory");
            return Task.CompletedTask;
        }

        LookAtRoom(results, there);
        return Task.CompletedTask;
    }

    /// <summary>Writes and deletes a file of its own, so the owner of other files does not change, whoever runs the check.</summary>
    public static void TryWriteIn(string directory)
    {
        string probe = Path.Combine(directory, $".check-{Guid.NewGuid():N}");
        new FileStream(probe, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.DeleteOnClose }).Dispose();
    }

    private void LookAtRoom(CheckResults results, string directory)
    {
        try
        {
            long free = new DriveInfo(directory).AvailableFreeSpace;
            string room = $"{free >> 20} MB free, max_bytes is {spool.MaxBytes >> 20} MB";
            bool isEnough = free >= spool.MaxBytes;
            results.OkUnless(isEnough ? null : "lower spool.max_bytes, or use a larger file system", isEnough ? room : $"{room}: a long outage would fill the disk first");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            results.Warning($"cannot determine the free space ({e.Message})", "check it with df");
        }
    }
}
