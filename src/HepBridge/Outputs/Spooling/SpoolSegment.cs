using System.Globalization;
using HepBridge.Hep;

namespace HepBridge.Outputs.Spooling;

/// <summary>One file of a spool: whole HEP3 packets back to back, nothing else.</summary>
internal sealed class SpoolSegment(FileStream file, long sequence, long start) : IDisposable
{
    public const string Extension = ".hep3";

    private const int ScanBytes = 256 * 1024;

    /// <summary>Its position among the spool's files.</summary>
    public long Sequence => sequence;

    /// <summary>Position of its first byte in the spool.</summary>
    public long Start => start;

    /// <summary>Bytes of whole packets.</summary>
    public long Length { get; private set; } = file.Length;

    /// <summary>Packets that were not yet read and committed.</summary>
    public long Packets { get; set; }

    public string Path => file.Name;

    /// <exception cref="IOException">It cannot be created.</exception>
    public static SpoolSegment Create(string directory, long sequence, long start) => new(Open(NameOf(directory, sequence), FileMode.CreateNew, FileShare.Read), sequence, start);

    /// <summary>Opens a file of an earlier process; null if its name is not a segment's.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static SpoolSegment? TryOpen(string path, long start) =>
        long.TryParse(System.IO.Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out long sequence)
            ? new SpoolSegment(Open(path, FileMode.Open, FileShare.Read), sequence, start)
            : null;

    /// <summary>Appends packets.</summary>
    /// <exception cref="IOException">The disk is full or broken; the file ends as before.</exception>
    public void Append(ReadOnlySpan<byte> packets, int count)
    {
        try
        {
            RandomAccess.Write(file.SafeFileHandle, packets, Length);
        }
        catch (IOException)
        {
            RandomAccess.SetLength(file.SafeFileHandle, Length);
            throw;
        }

        Length += packets.Length;
        Packets += count;
    }

    /// <summary>Syncs to disk; does nothing if the file was deleted meanwhile.</summary>
    /// <exception cref="IOException">The disk is broken.</exception>
    public void Sync()
    {
        try
        {
            RandomAccess.FlushToDisk(file.SafeFileHandle);
        }
        catch (ObjectDisposedException)
        {
            // All of it was sent and the file is gone.
        }
    }

    /// <summary>Reads from an offset; returns the number of bytes.</summary>
    /// <exception cref="IOException">The disk is broken.</exception>
    public int Read(Span<byte> buffer, long offset)
    {
        long rest = Length - offset;
        return RandomAccess.Read(file.SafeFileHandle, rest < buffer.Length ? buffer[..(int)rest] : buffer, offset);
    }

    /// <summary>Counts the packets of an earlier process's file from an offset on, and cuts off an incomplete one at its end. Returns the bytes cut off.</summary>
    /// <exception cref="IOException">The disk is broken.</exception>
    public long Verify(long offset)
    {
        byte[] buffer = new byte[ScanBytes];
        long good = offset;
        int at;
        do
        {
            int count = Read(buffer, good);
            at = 0;
            while (HepStreamFramer.Next(buffer.AsSpan(at, count - at), out int length) == HepFrame.Packet)
            {
                at += length;
                Packets++;
            }

            good += at;
        }
        while (at > 0);

        long cut = Length - good;
        if (cut > 0)
        {
            RandomAccess.SetLength(file.SafeFileHandle, good);
            Length = good;
        }

        return cut;
    }

    public void Delete()
    {
        file.Dispose();
        File.Delete(file.Name);
    }

    public void Dispose() => file.Dispose();

    private static string NameOf(string directory, long sequence) =>
        System.IO.Path.Combine(directory, sequence.ToString("D12", CultureInfo.InvariantCulture) + Extension);

    /// <summary>Opens a file of a spool; only its owner can read a new one.</summary>
    internal static FileStream Open(string path, FileMode mode, FileShare share)
    {
        FileStreamOptions options = new() { Mode = mode, Access = FileAccess.ReadWrite, Share = share, BufferSize = 0 };
        if (mode != FileMode.Open && !OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }
}
