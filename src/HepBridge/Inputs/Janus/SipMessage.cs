using System.Text;
using HepBridge.Hep;

namespace HepBridge.Inputs.Janus;

/// <summary>A SIP message from Janus and its endpoints, parsed without allocation.</summary>
internal readonly ref struct SipMessage
{
    private readonly SipHead _head;

    private SipMessage(ReadOnlySpan<byte> bytes, SipHead head)
    {
        _head = head;
        Bytes = bytes;

        // Janus takes messages from its SIP stack's log: later log output may be appended.
        int end = bytes.IndexOf("\r\n\r\n"u8);
        if (end >= 0 && head.ContentLength >= 0 && head.ContentLength < bytes.Length - end - 4)
        {
            Bytes = bytes[..(end + 4 + head.ContentLength)];
        }
    }

    /// <summary>False if it is not SIP.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out SipMessage message)
    {
        bool isSip = SipHead.TryRead(bytes, out SipHead head);
        message = isSip ? new SipMessage(bytes, head) : default;
        return isSip;
    }

    /// <summary>The message, up to its Content-Length.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    public bool IsRequest => _head.IsRequest;

    /// <summary>A request's method, or that of the request that a response answers.</summary>
    public ReadOnlySpan<byte> Method => _head.Method;

    public ReadOnlySpan<byte> CallId => _head.CallId;

    /// <summary>Transport protocol of the topmost Via: 6 for TCP, TLS, WS and WSS, else 17.</summary>
    public byte Protocol
    {
        get
        {
            int start = _head.Via.IndexOf("SIP/2.0/"u8);
            ReadOnlySpan<byte> transport = start < 0 ? default : _head.Via[(start + 8)..];
            int end = transport.IndexOf((byte)' ');
            transport = end < 0 ? transport : transport[..end];
            return Ascii.EqualsIgnoreCase(transport, "UDP"u8) || transport.IsEmpty ? (byte)17 : (byte)6;
        }
    }

    /// <summary>Sender of the request: the topmost Via.</summary>
    public SipEndpoint Via => SipEndpoint.OfVia(_head.Via);

    /// <inheritdoc cref="SipEndpoint.OfTarget"/>
    public SipEndpoint Target => SipEndpoint.OfTarget(_head);

    /// <summary>The address of the first Contact.</summary>
    public SipEndpoint Contact => SipEndpoint.OfUri(_head.Contact);
}
