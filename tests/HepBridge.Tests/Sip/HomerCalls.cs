using System.Text;
using HepBridge.Hep;

namespace HepBridge.Tests.Sip;

/// <summary>
/// What Homer 7 with its stock mapping finds: heplify-server stores SIP under its Call-ID (sid) with chunk 0x11, or else the Call-ID, as correlation_id. Asked for
/// a Call-ID, homer-app reads its rows and then those whose sid is one of their correlation ids.
/// </summary>
internal sealed class HomerCalls
{
    private readonly List<(string Sid, string CorrelationId, string Message)> _rows = [];

    public HomerCalls(IEnumerable<byte[]> packets)
    {
        foreach (byte[] bytes in packets)
        {
            Assert.True(HepDecoder.TryDecode(bytes, out HepPacket packet, out HepReject reject), reject.ToString());
            if (packet.PayloadType != HepPayloadType.Sip || !SipHead.TryRead(packet.Payload, out SipHead head) || head.CallId.IsEmpty)
            {
                continue;
            }

            string sid = Encoding.UTF8.GetString(head.CallId);
            _rows.Add((sid, packet.CorrelationId.IsEmpty ? sid : Encoding.UTF8.GetString(packet.CorrelationId), Encoding.UTF8.GetString(packet.Payload)));
        }
    }

    public IEnumerable<string> CallIds => _rows.Select(row => row.Sid).Distinct();

    /// <summary>All SIP messages of a Call-ID.</summary>
    public IReadOnlyList<string> MessagesOf(string callId) => [.. _rows.Where(row => row.Sid == callId).Select(row => row.Message)];

    /// <summary>The Call-IDs whose messages a search finds.</summary>
    public IReadOnlySet<string> Find(string callId) => _rows.Where(row => row.Sid == callId).Select(row => row.CorrelationId).Append(callId).Where(CallIds.Contains).ToHashSet();
}
