namespace HepBridge.Calls;

/// <summary>Bytes held for an owner, a leg or a Call-ID, until something about it is known.</summary>
internal abstract class HeldBlock : Aged
{
    /// <summary>Rented; only the first <see cref="Length"/> bytes are valid.</summary>
    public byte[] Bytes { get; set; } = [];

    public int Length { get; set; }

    /// <summary>Our monotonic clock when it was held, in milliseconds.</summary>
    public long SinceMilliseconds { get; set; }

    internal HeldBlock? NextOfOwner { get; set; }
}

/// <summary>What is held for one owner, in order, linked through the blocks themselves. Not to be copied: one owner.</summary>
internal struct HeldBlocks
{
    private HeldBlock? _last;

    public HeldBlock? First { readonly get; private set; }

    public int Count { readonly get; private set; }

    public void Append(HeldBlock block)
    {
        if (_last is null)
        {
            First = block;
        }
        else
        {
            _last.NextOfOwner = block;
        }

        _last = block;
        Count++;
    }

    public HeldBlock? TakeFirst()
    {
        HeldBlock? block = First;
        if (block is not null)
        {
            First = block.NextOfOwner;
            _last = First is null ? null : _last;
            block.NextOfOwner = null;
            Count--;
        }

        return block;
    }
}
