using System.Globalization;
using HepBridge.Hep;

namespace HepBridge.Outputs.Spooling;

/// <summary>One file of a spool: whole HEP3 packets, one behind the other, nothing else.</summary>
internal sealed class SpoolSegment : IDisposable
{
    /// <summary>What the files' names end in.</summary>
    public const string Extension = ".hep3";

    private const int ScanBytes = 256 * 1024;

    private readonly FileStream _file;

    private SpoolSegment(FileStream file, long sequence, long start)
    {
        _file = file;
        Sequence = sequence;
        Start = start;
        Length = file.Length;
    }

    /// <summary>Its place among the spool's files.</summary>
    public long Sequence { get; }

    /// <summary>Where in the spool its first byte is.</summary>
    public long Start { get; }

    /// <summary>Bytes of whole packets.</summary>
    public long Length { get; private set; }

    /// <summary>Packets that nobody has taken out yet.</summary>
    public long Packets { get; set; }

    public string Path => _file.Name;

    /// <summary>Makes a new file that only its owner can read.</summary>
    /// <exception cref="IOException">It can't be made.</exception>
    public static SpoolSegment Create(string directory, long sequence, long start) => new(Open(NameOf(directory, sequence), FileMode.CreateNew), sequence, start);

    /// <summary>Opens a file of an earlier process; null if its name is not a segment's.</summary>
    /// <exception cref="IOException">It can't be opened.</exception>
    public static SpoolSegment? TryOpen(string path, long start) =>
        long.TryParse(System.IO.Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out long sequence)
            ? new SpoolSegment(Open(path, FileMode.Open), sequence, start)
            : null;

    /// <summary>Adds packets at the end.</summary>
    /// <exception cref="IOException">The disk is full or broken; the file ends as before.</exception>
    public void Append(ReadOnlySpan<byte> packets, int count)
    {
        try
        {
            RandomAccess.Write(_file.SafeFileHandle, packets, Length);
        }
        catch (IOException)
        {
            RandomAccess.SetLength(_file.SafeFileHandle, Length);
            throw;
        }

        Length += packets.Length;
        Packets += count;
    }

    /// <summary>Waits until the disk has it all; nothing happens if it was deleted meanwhile.</summary>
    /// <exception cref="IOException">The disk is broken.</exception>
    public void Sync()
    {
        try
        {
            RandomAccess.FlushToDisk(_file.SafeFileHandle);
        }
        catch (ObjectDisposedException)
        {
            // All of it was sent, and the file is gone: there is nothing to keep.
        }
    }

    /// <summary>Reads from an offset on; returns how many bytes.</summary>
    /// <exception cref="IOException">The disk is broken.</exception>
    public int Read(Span<byte> buffer, long offset)
    {
        long rest = Length - offset;
        return RandomAccess.Read(_file.SafeFileHandle, rest < buffer.Length ? buffer[..(int)rest] : buffer, offset);
    }

    /// <summary>
    /// Counts the packets of an earlier process's file from an offset on, and cuts off what is behind the last whole one. Returns the bytes cut.
    /// </summary>
    /// <exception cref="IOException">The disk is broken.</exception>
    public long Verify(long offset)
    {
        byte[] buffer = new byte[ScanBytes];
        long good = offset;
        int count;
        do
        {
            count = Read(buffer, good);
            int at = 0;
            while (HepStreamFramer.Next(buffer.AsSpan(at, count - at), out int length) == HepFrame.Packet)
            {
                at += length;
                Packets++;
            }

            good += at;
            count = at;
        }
        while (count > 0);

        long cut = Length - good;
        if (cut > 0)
        {
            RandomAccess.SetLength(_file.SafeFileHandle, good);
            Length = good;
        }

        return cut;
    }

    /// <summary>Removes the file.</summary>
    public void Delete()
    {
        _file.Dispose();
        File.Delete(_file.Name);
    }

    public void Dispose() => _file.Dispose();

    private static string NameOf(string directory, long sequence) =>
        System.IO.Path.Combine(directory, sequence.ToString("D12", CultureInfo.InvariantCulture) + Extension);

    private static FileStream Open(string path, FileMode mode)
    {
        FileStreamOptions options = new() { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.Read, BufferSize = 0 };
        if (mode == FileMode.CreateNew && !OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }
}
