using System.Buffers.Binary;

namespace HepBridge.Outputs.Spooling;

/// <summary>
/// Stores how far the oldest file of a spool was sent, so that a restart continues there. Also the spool's lock: only one process can
/// hold it open.
/// </summary>
internal sealed class SpoolProgress : IDisposable
{
    private const string Name = "progress";

    // The digits in a file's name.
    private const long LastSequence = 999_999_999_999;
    private readonly FileStream _file;

    /// <exception cref="IOException">Another process holds it, or it cannot be created.</exception>
    public SpoolProgress(string directory)
    {
        _file = SpoolSegment.Open(Path.Combine(directory, Name), FileMode.OpenOrCreate, FileShare.None);
        Span<byte> bytes = stackalloc byte[16];
        if (RandomAccess.Read(_file.SafeFileHandle, bytes, 0) < bytes.Length)
        {
            return;
        }

        long sequence = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        long offset = BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]);
        if (sequence is >= 0 and <= LastSequence && offset >= 0)
        {
            // Otherwise the file is damaged, and the packets are sent again.
            (Sequence, Offset) = (sequence, offset);
        }
    }

    /// <summary>The file's sequence number; 0 for none.</summary>
    public long Sequence { get; private set; }

    /// <summary>Bytes of it that were sent.</summary>
    public long Offset { get; private set; }

    /// <exception cref="IOException">The disk is full or broken.</exception>
    public void Save(long sequence, long offset)
    {
        (Sequence, Offset) = (sequence, offset);
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, sequence);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], offset);
        RandomAccess.Write(_file.SafeFileHandle, bytes, 0);
    }

    public void Dispose() => _file.Dispose();
}
