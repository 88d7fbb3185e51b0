using System.Text;
using HepBridge.FreeSwitch.Events;
using HepBridge.Tests.Multicast;
using HepBridge.Tests.Pipeline;

namespace HepBridge.Tests.Inputs;

/// <summary>One captured event: its identity across captures, and its original bytes.</summary>
internal sealed record CapturedEvent(string Core, string Sequence, byte[] Bytes)
{
    public (string Core, string Sequence) Key => (Core, Sequence);
}

/// <summary>The plain events of captures, in order of arrival.</summary>
internal static class CapturedEvents
{
    public static List<CapturedEvent> OfEventSocket(byte[] stream) =>
        [.. RecordedEvents.All(stream).Where(recorded => recorded.Encoding == EventEncoding.Plain).Select(recorded => Of(recorded.Bytes))];

    public static List<CapturedEvent> OfDatagrams(IEnumerable<byte[]> datagrams) =>
        [.. datagrams.Select(datagram => Of(MulticastDatagramTests.Open(datagram, null, FreeSwitch.Multicast.DatagramReject.None)))];

    /// <summary>The events also present in the other capture, in this one's order.</summary>
    public static List<CapturedEvent> In(this List<CapturedEvent> events, List<CapturedEvent> others)
    {
        HashSet<(string, string)> keys = [.. others.Select(other => other.Key)];
        return [.. events.Where(found => keys.Contains(found.Key))];
    }

    private static CapturedEvent Of(byte[] bytes)
    {
        Assert.True(new EventParser().TryParse(bytes, EventEncoding.Plain, out FreeSwitchEvent e, out EventRejection rejection), rejection.ToString());
        return new CapturedEvent(
            Encoding.ASCII.GetString(e.Get(KnownHeader.CoreUuid).Raw), Encoding.ASCII.GetString(e.Get(KnownHeader.EventSequence).Raw), bytes);
    }
}
