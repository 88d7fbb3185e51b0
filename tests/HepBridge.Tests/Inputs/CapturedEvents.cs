using System.Text;
using HepBridge.FreeSwitch.Events;
using HepBridge.Tests.Multicast;
using HepBridge.Tests.Pipeline;

namespace HepBridge.Tests.Inputs;

/// <summary>One event of a capture: what makes it the same in two captures, and its bytes as they came.</summary>
internal sealed record CapturedEvent(string Core, string Sequence, byte[] Bytes)
{
    public (string Core, string Sequence) Key => (Core, Sequence);
}

/// <summary>The plain events of captures, in the order of their arrival.</summary>
internal static class CapturedEvents
{
    public static List<CapturedEvent> OfEventSocket(byte[] stream) =>
        [.. RecordedEvents.All(stream).Where(recorded => recorded.Encoding == EventEncoding.Plain).Select(recorded => Of(recorded.Bytes))];

    public static List<CapturedEvent> OfDatagrams(IEnumerable<byte[]> datagrams) =>
        [.. datagrams.Select(datagram => Of(MulticastDatagramTests.Open(datagram, null, FreeSwitch.Multicast.DatagramReject.None)))];

    /// <summary>The events of the one that are in the other too, in the order of the one.</summary>
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
