using HepBridge.FreeSwitch.Events;

namespace HepBridge.FreeSwitch.Multicast;

/// <summary>The events of one read. Reused for the next read: do not store it.</summary>
public sealed class MulticastBatch(byte[] buffer, int capacity)
{
    private readonly byte[] _buffer = buffer;
    private readonly (int Offset, int Length, SenderAddress Sender)[] _events = new (int, int, SenderAddress)[capacity];

    // Each listening address has its own batch, so several are parsed in parallel.
    private readonly EventParser _parser = new();

    /// <summary>Number of events, at least one.</summary>
    public int Count { get; private set; }

    /// <summary>An event in plain serialization: headers, a blank line, maybe a body.</summary>
    public ReadOnlySpan<byte> Event(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        (int offset, int length, _) = _events[index];
        return _buffer.AsSpan(offset, length);
    }

    /// <summary>Parses an event, which is valid until the next one is parsed.</summary>
    public bool TryParse(int index, out FreeSwitchEvent parsed, out EventRejection rejection) =>
        _parser.TryParse(Event(index), EventEncoding.Plain, out parsed, out rejection);

    public SenderAddress Sender(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        return _events[index].Sender;
    }

    internal void Clear() => Count = 0;

    internal void Add(int offset, int length, SenderAddress sender) => _events[Count++] = (offset, length, sender);
}
