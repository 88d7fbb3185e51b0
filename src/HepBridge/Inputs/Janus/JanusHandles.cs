using System.Text;
using HepBridge.Hep;

namespace HepBridge.Inputs.Janus;

/// <summary>Call state of a SIP handle.</summary>
internal enum JanusCall : byte
{
    /// <summary>No call yet: events are held for its Call-ID.</summary>
    None,

    /// <summary>A call with a Call-ID.</summary>
    Active,

    /// <summary>Hung up: late events belong to it, until the next call's first offer.</summary>
    Ended,
}

/// <summary>State of one Janus handle, or of a session.</summary>
internal sealed class JanusHandle(string channel)
{
    /// <summary>Its name in the pipeline: <c>session/handle</c>, a session's <c>session</c>.</summary>
    public byte[] Channel { get; } = Encoding.UTF8.GetBytes(channel);

    /// <summary>Whether its plugin has been seen.</summary>
    public bool IsKnown { get; set; }

    /// <summary>Its plugin is the SIP plugin; for a session: it has such a handle.</summary>
    public bool IsSip { get; set; }

    public JanusCall Call { get; set; }

    public byte[] CallId { get; set; } = [];

    /// <summary>The Call-ID of its REGISTER requests.</summary>
    public byte[] RegistrationCallId { get; set; } = [];

    /// <summary>Janus's own SIP address.</summary>
    public SipEndpoint SipLocal { get; set; }

    /// <summary>Destination of its last request.</summary>
    public SipEndpoint SipRemote { get; set; }

    /// <summary>The selected candidates.</summary>
    public SipEndpoint MediaLocal { get; set; }

    public SipEndpoint MediaRemote { get; set; }

    /// <summary>For a session: the transport that created it, by its name in the pipeline.</summary>
    public byte[] Transport { get; set; } = [];

    /// <summary>Its names in the pipeline: <see cref="Channel"/>, and the transport if there is one.</summary>
    public byte[][] Channels => Transport.Length > 0 ? [Channel, Transport] : [Channel];

    internal LinkedListNode<JanusHandle>? Node { get; set; }

    internal string Key { get; } = channel;
}

/// <summary>The handles and sessions heard most recently, at most <see cref="Capacity"/>.</summary>
internal sealed class JanusHandles
{
    public const int Capacity = 50_000;

    private readonly Dictionary<string, JanusHandle> _handles = new(StringComparer.Ordinal);
    private readonly LinkedList<JanusHandle> _order = new();

    public int Count => _handles.Count;

    /// <summary>The session, or the handle if there is one; added if new.</summary>
    public JanusHandle Get(ReadOnlySpan<byte> session, ReadOnlySpan<byte> handle)
    {
        Span<char> key = stackalloc char[(JanusInput.MaxId * 2) + 1];
        int length = Encoding.Latin1.GetChars(session, key);
        if (!handle.IsEmpty)
        {
            key[length++] = '/';
            length += Encoding.Latin1.GetChars(handle, key[length..]);
        }

        if (_handles.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key[..length], out JanusHandle? known))
        {
            if (_order.Last != known.Node)
            {
                _order.Remove(known.Node!);
                _order.AddLast(known.Node!);
            }

            return known;
        }

        if (_handles.Count >= Capacity)
        {
            Remove(_order.First!.Value);
        }

        JanusHandle added = new(new string(key[..length]));
        _handles.Add(added.Key, added);
        added.Node = _order.AddLast(added);
        return added;
    }

    public void Remove(JanusHandle handle)
    {
        if (_handles.Remove(handle.Key))
        {
            _order.Remove(handle.Node!);
        }
    }
}
