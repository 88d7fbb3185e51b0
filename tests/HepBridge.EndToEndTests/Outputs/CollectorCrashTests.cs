using System.Net.Sockets;
using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.Outputs;
using HepBridge.Outputs.Streams;
using HepBridge.Tests.Outputs;

namespace HepBridge.EndToEndTests.Outputs;

/// <summary>A collector that dies with unread packets in its kernel buffers.</summary>
public sealed class CollectorCrashTests(ITestOutputHelper output)
{
    private const int Packets = 20_000;

    // The sender's thread may be descheduled on a busy machine: one unchanged look says little.
    private const int StableLooks = 50;

    private static readonly StreamTimings _quick = new() { FirstRetry = TimeSpan.FromMilliseconds(20), LongestRetry = TimeSpan.FromMilliseconds(200) };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_crash_loses_only_packets_that_the_collector_had_not_read(int seed)
    {
        Assert.SkipUnless(SocketQueues.IsSupported, "what a collector has not read is known from Linux's /proc/net/tcp");
        (int[] received, int read, long sent, OutputCounters counters) = await CrashAsync(seed, TimeSpan.Zero);
        int[] missing = [.. Enumerable.Range(0, Packets + 1).Except(received)];
        output.WriteLine($"{read} read and {sent} handed to the kernel at the death, {missing.Length} missing, {received.Length - received.Distinct().Count()} twice");

        // Sent but not read: one contiguous gap right after the last packet read, no longer than the kernel buffers.
        Assert.NotEmpty(missing);
        Assert.Equal(Enumerable.Range(read, missing.Length), missing);
        Assert.InRange(missing[^1], read, sent);
        Assert.Equal(received.Length, received.Distinct().Count());
        ConservationLaw.AssertHolds(counters);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task With_a_resend_window_duplicates_fill_the_gap(int seed)
    {
        Assert.SkipUnless(SocketQueues.IsSupported, "what a collector has not read is known from Linux's /proc/net/tcp");
        (int[] received, int read, _, OutputCounters counters) = await CrashAsync(seed, TimeSpan.FromMinutes(1));
        int twice = received.Length - received.Distinct().Count();
        output.WriteLine($"{read} read at the death, {counters.Resent} sent again, {twice} twice");
        Assert.Empty(Enumerable.Range(0, Packets + 1).Except(received));
        Assert.InRange(twice, 1, counters.Resent);
        ConservationLaw.AssertHolds(counters);
    }

    /// <summary>Sends; the first connection dies with unread bytes after a random number of packets; the next one reads everything.</summary>
    private static async Task<(int[] Received, int Read, long Sent, OutputCounters Counters)> CrashAsync(int seed, TimeSpan resendWindow)
    {
        int dieAfter = new Random(seed).Next(500, Packets / 2);
        TaskCompletionSource die = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource<int> read = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using ScriptedCollector collector = new(null, 0, async connection =>
        {
            await connection.ReadAsync(dieAfter);
            read.SetResult(dieAfter);
            await connection.WaitAsync(die.Task);
            connection.Socket.LingerState = new LingerOption(true, 0);
        });
        await using IOutput tcp = new OutputFactory(new KeptLog(), TimeProvider.System, _quick).Create(new HepOutputConfiguration
        {
            Servers = [new("127.0.0.1", collector.Port)],
            Transport = HepTransport.Tcp,
            RingBytes = 64 << 20,
            ResendWindow = resendWindow,
        });
        for (int i = 0; i < Packets; i++)
        {
            tcp.Offer(TestPackets.Make(i, 1000), PacketKind.Log);
            if (i % 20 == 19)
            {
                tcp.Flush();
            }
        }

        int unread = await read.Task.WaitAsync(TimeSpan.FromSeconds(30));

        // It reads no more: both kernels fill up, until the output can hand over nothing more.
        (long Sent, long Unsent) now = default;
        int looks = 0;
        await Eventually.True(
            () => (looks = now == (now = (tcp.Counters.Sent, SocketQueues.Unsent(collector.Port))) && now.Unsent > 0 ? looks + 1 : 0) == StableLooks,
            () => $"{now.Sent} sent, {now.Unsent} bytes of them on their way");

        die.SetResult();
        await Eventually.True(() => collector.Connections == 2, () => $"{collector.Connections} connections");
        tcp.Offer(TestPackets.Make(Packets), PacketKind.Log);
        tcp.Flush();
        await Eventually.True(() => collector.Numbers[^1] == Packets, () => $"{tcp.Counters.Queued} queued");
        await tcp.DisposeAsync();
        await collector.StopAsync();
        return (collector.Numbers, unread, now.Sent, tcp.Counters);
    }
}
