using System.Text;
using HepBridge.Collector.Store;
using HepBridge.Collector.Web;
using HepBridge.Fuzz.Corpora;
using HepBridge.Hep;

namespace HepBridge.Tests.Collector;

/// <summary>Packets for the viewer's tests: hand-made ones, and a real FreeSWITCH session.</summary>
internal static class ViewerPackets
{
    public const uint Start = 1_795_305_300;

    public static byte[] Make(
        HepPayloadType type, string payload, string callId = "a@h", uint second = Start, uint microsecond = 0, string source = "192.0.2.1", string destination = "192.0.2.2", string key = "")
    {
        Assert.True(HepAddress.TryParse(Encoding.ASCII.GetBytes(source), out HepAddress from));
        Assert.True(HepAddress.TryParse(Encoding.ASCII.GetBytes(destination), out HepAddress to));
        HepPacket packet = new()
        {
            Source = from,
            Destination = to,
            SourcePort = 5060,
            DestinationPort = 5061,
            Seconds = second,
            Microseconds = microsecond,
            PayloadType = type,
            CaptureId = 2001,
            CorrelationId = Encoding.UTF8.GetBytes(callId),
            AuthKey = Encoding.UTF8.GetBytes(key),
            Payload = Encoding.UTF8.GetBytes(payload),
        };
        return HepPackets.Encode(packet);
    }

    public static byte[] Sip(string first, string callId = "a@h", uint second = Start, string more = "", string cseq = "1 INVITE") => Make(
        HepPayloadType.Sip,
        $"{first}\r\nFrom: \"A\" <sip:1000@h>;tag=1\r\nTo: <sip:1001@h>\r\nCall-ID: {callId}\r\nCSeq: {cseq}\r\n{more}\r\n",
        string.Empty,
        second);

    public static byte[] Event(string text, string callId = "a@h", uint second = Start) =>
        Make(HepPayloadType.Log, text, callId, second, source: "192.0.2.2", destination: "192.0.2.2");

    public static List<byte[]> Session() => HepPackets.Split(HepPackets.Session);

    public static CallStore Store(params IEnumerable<byte[]> packets)
    {
        CallStore store = new();
        foreach (byte[] packet in packets)
        {
            store.Add(packet);
        }

        return store;
    }

    public static CallPage Find(
        CallStore store, string text = "", string kind = "all", string show = "", string sort = "time", bool ascending = false, int offset = 0, int size = 200, long? anchor = null) =>
        new CallQuery { Text = text, Kind = kind, Show = show, Sort = sort, Ascending = ascending, Offset = offset, Size = size, Anchor = anchor }.Run(store);

    public static CallRow Only(CallStore store) => Assert.Single(Find(store).Calls);

    public static CallView View(CallStore store, JitterUnit unit = JitterUnit.Unknown) => new(store, () => unit);
}
