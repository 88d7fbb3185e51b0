namespace HepBridge.Fuzz.Mutations;

/// <summary>The bytes being mutated.</summary>
internal sealed class Mutant
{
    /// <summary>Maximum length: quadratic behavior shows long before.</summary>
    public const int MaxLength = 1 << 20;

    private byte[] _bytes = new byte[64 * 1024];

    public int Length { get; private set; }

    public Span<byte> Bytes => _bytes.AsSpan(0, Length);

    public byte[] ToArray() => Bytes.ToArray();

    public void Set(ReadOnlySpan<byte> bytes)
    {
        Length = 0;
        Insert(0, bytes);
    }

    public void Add(ReadOnlySpan<byte> bytes) => Insert(Length, bytes);

    public void Insert(int at, ReadOnlySpan<byte> bytes) => Replace(at, 0, bytes);

    public void Remove(int at, int length) => Replace(at, length, default);

    /// <summary>Replaces bytes by others; does nothing if the result would exceed <see cref="MaxLength"/>.</summary>
    public void Replace(int at, int length, ReadOnlySpan<byte> bytes)
    {
        int total = Length - length + bytes.Length;
        if (total > MaxLength)
        {
            return;
        }

        byte[] inserted = bytes.Overlaps(_bytes) ? bytes.ToArray() : [];
        ReadOnlySpan<byte> source = inserted.Length > 0 ? inserted : bytes;
        if (total > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(total, _bytes.Length * 2));
        }

        Array.Copy(_bytes, at + length, _bytes, at + source.Length, Length - at - length);
        source.CopyTo(_bytes.AsSpan(at));
        Length = total;
    }
}
