using HepBridge.Collector.Store;
using HepBridge.Collector.Web;
using HepBridge.Hep;

namespace HepBridge.Tests.Collector;

public sealed class CallStoreBoundsTests
{
    [Fact]
    public void The_call_silent_longest_is_removed_first()
    {
        CallStore store = new(new CallStoreOptions { MaxCalls = 3 });
        foreach (string id in (string[])["a", "b", "c", "a", "d"])
        {
            store.Add(ViewerPackets.Event("text", id));
        }

        Assert.Equal(["a", "c", "d"], ViewerPackets.Find(store).Calls.SelectMany(c => c.Legs).Select(l => l.CallId).Order());
        Assert.Equal(1, store.Status().Evicted);
    }

    [Fact]
    public void A_million_calls_stay_within_the_limits()
    {
        CallStoreOptions options = new() { MaxCalls = 500, MaxBytes = 1 << 20, MaxLegsPerCall = 8 };
        CallStore store = new(options);
        byte[] packet = ViewerPackets.Event("CREATE 1 → 2; callid=x uuid=same other=shared seq=1 time=x", "call-00000000");
        int at = packet.AsSpan().IndexOf("00000000"u8);
        for (int i = 0; i < 1_000_000; i++)
        {
            Assert.True(i.TryFormat(packet.AsSpan(at, 8), out int written, "D8", System.Globalization.CultureInfo.InvariantCulture) && written == 8);
            store.Add(packet);
        }

        StoreStatus status = store.Status();
        Assert.Equal(1_000_000, status.Kept);
        Assert.InRange(status.Calls, 1, options.MaxCalls);
        Assert.InRange(status.Bytes, 1, options.MaxBytes);
        Assert.InRange(status.Legs, status.Calls, 500);
        Assert.All(ViewerPackets.Find(store, size: 20).Calls, c => Assert.InRange(c.Legs.Count, 1, options.MaxLegsPerCall));
    }

    [Fact]
    public void A_call_is_removed_with_all_its_legs()
    {
        CallStore store = new(new CallStoreOptions { MaxCalls = 1 });
        store.Add(ViewerPackets.Event("CREATE 1 → 2; inbound; callid=a@h uuid=ua seq=1 time=x"));
        store.Add(ViewerPackets.Event("CREATE 1 → 2; outbound; callid=b@h uuid=ub seq=1 time=x other=ua", "b@h"));
        store.Add(ViewerPackets.Event("CREATE 3 → 4; inbound; callid=c@h uuid=uc seq=1 time=x", "c@h"));
        Assert.Equal((1, 1, 1L), (store.Status().Calls, store.Status().Legs, store.Status().Evicted));
        Assert.Equal("c@h", ViewerPackets.Only(store).Legs[0].CallId);
    }

    [Fact]
    public void A_call_with_endless_legs_stays_within_the_limits()
    {
        CallStoreOptions options = new() { MaxBytes = 200_000, MaxLegsPerCall = 64, MaxBytesPerLeg = 20_000 };
        CallStore store = new(options);
        for (int i = 0; i < 2000; i++)
        {
            store.Add(ViewerPackets.Event($"BRIDGE 1 → 2; x; callid={i}@h uuid=u{i} seq=1 time=x other=u{i - 1} {new string('x', 3000)}", $"{i}@h"));
        }

        Assert.InRange(store.Status().Bytes, 1, options.MaxBytes);
        Assert.All(ViewerPackets.Find(store).Calls, c => Assert.InRange(c.Legs.Count, 1, 64));
    }

    [Fact]
    public void A_very_long_call_keeps_its_beginning_and_its_end()
    {
        CallStore store = new(new CallStoreOptions { MaxPacketsPerLeg = 600 });
        for (uint i = 0; i < 2000; i++)
        {
            store.Add(ViewerPackets.Make(HepPayloadType.Rtcp, "{}", second: ViewerPackets.Start + i));
        }

        CallDetail detail = ViewerPackets.View(store).Detail(ViewerPackets.Only(store).Id)!;
        Assert.Equal((600, 1400L), (detail.Packets.Count, detail.Dropped));
        Assert.Equal((1, 500, 1901, 2000), (detail.Packets[0].Number, detail.Packets[499].Number, detail.Packets[500].Number, detail.Packets[^1].Number));
    }

    [Fact]
    public void One_call_with_huge_packets_does_not_push_out_the_others()
    {
        CallStoreOptions options = new() { MaxBytesPerLeg = 1 << 20, MaxBytes = 4 << 20 };
        CallStore store = new(options);
        store.Add(ViewerPackets.Event("text", "small"));
        byte[] huge = ViewerPackets.Make(HepPayloadType.Log, new string('x', 60_000), "huge");
        for (int i = 0; i < 1000; i++)
        {
            store.Add(huge);
        }

        Assert.Equal(2, store.Status().Calls);
        Assert.InRange(store.Status().Bytes, 1, 2 << 20);
    }

    [Fact]
    public void Any_bytes_are_stored_or_rejected_and_can_be_shown()
    {
        Random random = new(7);
        CallStore store = new();
        List<byte[]> packets = [.. ViewerPackets.Session()];
        for (int round = 0; round < 20_000; round++)
        {
            byte[] packet = [.. packets[round % packets.Count]];
            for (int flips = random.Next(1, 6); flips > 0; flips--)
            {
                packet[random.Next(6, packet.Length)] = (byte)random.Next(256);
            }

            store.Add(packet.AsSpan(0, random.Next(8) == 0 ? random.Next(packet.Length) : packet.Length));
        }

        StoreStatus status = store.Status();
        Assert.Equal(status.Received, status.Kept + status.WithoutCallId + status.Rejected.Values.Sum());
        foreach (CallRow call in ViewerPackets.Find(store).Calls)
        {
            Assert.NotNull(ViewerPackets.View(store).Detail(call.Id));
            Assert.NotNull(ViewerPackets.View(store).ExportJson(call.Id));
            Assert.NotNull(ViewerPackets.View(store).ExportText(call.Id));
        }
    }

    [Fact]
    public async Task The_intake_never_waits_and_counts_what_it_drops()
    {
        CallStore store = new();
        PacketIntake intake = new(store);
        byte[] packet = ViewerPackets.Event("text");
        int taken = Enumerable.Range(0, 10_000).Count(_ => intake.Offer(packet));
        Assert.Equal(10_000, taken + intake.Dropped);
        Assert.True(intake.Dropped > 0);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Task running = intake.RunAsync(stop.Token);
        while (store.Status().Kept < taken)
        {
            await Task.Yield();
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }
}
