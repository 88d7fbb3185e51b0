using System.Globalization;
using HepBridge.Collector.Store;
using HepBridge.Collector.Web;
using HepBridge.EndToEndTests.Outputs;

namespace HepBridge.EndToEndTests.Viewer;

[Collection(nameof(Alone))]
public sealed class ViewerLoadTests
{
    /// <summary>
    /// As many packets as 2,000 per second give in ten minutes, always of new calls: the second half needs no more
    /// memory than the first.
    /// </summary>
    [Fact]
    public void Memory_is_flat_over_more_than_a_million_packets()
    {
        const int Packets = 1_200_000;
        CallStore store = new();
        byte[] report = HostilePackets.Rtcp("00000000@load");
        byte[] text = HostilePackets.Event("CREATE 1000 → 1001; callid=00000000@load uuid=00000000-0000", "00000000@load");
        long half = 0;
        for (int i = 0; i < Packets; i++)
        {
            byte[] packet = i % 20 == 0 ? text : report;
            for (int at = 0; packet.AsSpan(at).IndexOf("@load"u8) is >= 0 and int found; at += found + 5)
            {
                Assert.True((i / 20).TryFormat(packet.AsSpan(at + found - 8, 8), out _, "D8", CultureInfo.InvariantCulture));
            }

            Assert.True(store.Add(packet));
            if (i % 10_000 == 0)
            {
                _ = new CallQuery { Text = "1001", Show = "bad", Sort = "mos" }.Run(store);
            }

            half = i == Packets / 2 ? GC.GetTotalMemory(forceFullCollection: true) : half;
        }

        long end = GC.GetTotalMemory(forceFullCollection: true);
        Assert.InRange(end, 1, half + (half / 10));
        long bound = new CallStoreOptions().MaxBytes;
        Assert.InRange(store.Status().Bytes, bound / 2, bound);
        Assert.InRange(end, 1, bound * 3 / 2);
        GC.KeepAlive(store);
    }
}
