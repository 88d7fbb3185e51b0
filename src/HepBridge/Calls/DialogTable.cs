namespace HepBridge.Calls;

/// <summary>
/// The SIP Call-IDs known from events or an INVITE, and which of them belong together. Bounded: by the leg table for
/// those with legs, otherwise in number and age; long Call-IDs also in bytes.
/// </summary>
internal sealed class DialogTable
{
    /// <summary>Most Call-IDs without a leg.</summary>
    public const int MaxIdle = 8_192;

    /// <summary>Most bytes of Call-IDs that are too long to be stored in their object.</summary>
    public const long MaxBytes = 32L << 20;

    // An INVITE may ring this long without a response that reveals its leg's Call-ID.
    private const long IdleLifetime = 180_000;
    private const int MaxSpare = 4_096;
    private const int MaxSpareBytes = 1 << 20;
    private readonly Stack<Dialog> _spare = new();
    private AgeList<Dialog> _idle;
    private int _idleCount;
    private HashBuckets<Dialog> _buckets = new();
    private long _bytes;
    private int _spareBytes;

    /// <summary>Called when a Call-ID gets something that packets may be held for, and before it is forgotten.</summary>
    public Action<Dialog> Changed { get; set; } = static _ => { };

    public int Count => _buckets.Count;

    /// <summary>SIP legs whose Call-ID is not known yet.</summary>
    public int NamelessLegs { get; set; }

    public Dialog? Find(ReadOnlySpan<byte> callId)
    {
        int hash = (int)ByteHash.Compute(callId);
        for (Dialog? dialog = _buckets.First(hash); dialog is not null; dialog = HashBuckets<Dialog>.Next(dialog))
        {
            if (dialog.Hash == hash && callId.SequenceEqual(dialog.CallId.Span))
            {
                return dialog;
            }
        }

        return null;
    }

    /// <summary>The Call-ID's entry; added if new, and idle until a leg has it.</summary>
    public Dialog FindOrAdd(ReadOnlySpan<byte> callId, long nowMilliseconds)
    {
        if (Find(callId) is { } known)
        {
            return known;
        }

        if (_spare.TryPop(out Dialog? dialog))
        {
            _spareBytes -= dialog.HeapBytes;
        }
        else
        {
            dialog = new Dialog();
        }

        dialog.CallId.Set(callId);
        dialog.Hash = (int)ByteHash.Compute(callId);
        _buckets.Add(dialog);
        Account(dialog);
        SetIdle(dialog, nowMilliseconds);
        return dialog;
    }

    public void AddLeg(Dialog dialog)
    {
        dialog.Legs++;
        dialog.HasEnded = false;
        if (dialog.IsIdle)
        {
            EndIdle(dialog);
        }
    }

    public void RemoveLeg(Dialog dialog, long nowMilliseconds)
    {
        if (--dialog.Legs == 0)
        {
            SetIdle(dialog, nowMilliseconds);
        }
    }

    /// <summary>Records that two Call-IDs belong together.</summary>
    public void Link(Dialog one, Dialog other)
    {
        if (_bytes > MaxBytes)
        {
            return;
        }

        bool isNews = one.Add(other.CallId.Span) | other.Add(one.CallId.Span);
        if (isNews)
        {
            Account(one);
            Account(other);
            Changed(one);
            Changed(other);
        }
    }

    /// <summary>Forgets Call-IDs that have had no leg for too long.</summary>
    public void Tick(long nowMilliseconds)
    {
        while (_idle.Oldest is { } oldest && nowMilliseconds - oldest.IdleSinceMilliseconds >= IdleLifetime)
        {
            Forget(oldest);
        }
    }

    private void SetIdle(Dialog dialog, long nowMilliseconds)
    {
        dialog.IdleSinceMilliseconds = nowMilliseconds;
        dialog.IsIdle = true;
        _idle.Append(dialog);
        _idleCount++;
        while (_idleCount > MaxIdle || (_bytes > MaxBytes && _idleCount > 1))
        {
            Forget(_idle.Oldest!);
        }
    }

    private void EndIdle(Dialog dialog)
    {
        dialog.IsIdle = false;
        _idle.Remove(dialog);
        _idleCount--;
    }

    private void Forget(Dialog dialog)
    {
        // A leg whose Call-ID is still unknown keeps it.
        bool isReusable = dialog.Nameless == 0;
        (dialog.HasEnded, dialog.Nameless) = (true, 0);
        Changed(dialog);
        _buckets.Remove(dialog);
        EndIdle(dialog);
        _bytes -= dialog.CountedBytes;
        dialog.CountedBytes = 0;
        if (isReusable && _spare.Count < MaxSpare && _spareBytes < MaxSpareBytes)
        {
            dialog.Reset();
            _spareBytes += dialog.HeapBytes;
            _spare.Push(dialog);
        }
    }

    private void Account(Dialog dialog)
    {
        int bytes = dialog.HeapBytes;
        _bytes += bytes - dialog.CountedBytes;
        dialog.CountedBytes = bytes;
    }
}
