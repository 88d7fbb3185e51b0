using System.Net;
using System.Net.Sockets;
using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.Outputs;
using HepBridge.Outputs.Streams;
using HepBridge.Tests.Hosting;

namespace HepBridge.Tests.Outputs;

public sealed class GroupTests
{
    private static readonly StreamTimings _quick = new() { FirstRetry = TimeSpan.FromMilliseconds(20), LongestRetry = TimeSpan.FromMilliseconds(50) };

    [Fact]
    public async Task Failover_uses_the_second_when_the_first_stops_and_returns_when_it_is_back()
    {
        ScriptedCollector first = new();
        await using ScriptedCollector second = new();
        await using StreamOutput output = Create(HepServerMode.Failover, first.Port, second.Port);
        await Eventually.True(() => output.Links.All(link => link.IsConnected), () => "not connected");
        Offer(output, 0, 100);
        await Eventually.True(() => first.Numbers.Length == 100, () => $"{first.Numbers.Length} of 100");
        await first.DisposeAsync();
        await Eventually.True(() => !output.Links[0].IsHealthy, () => "still healthy");
        Offer(output, 100, 100);
        await Eventually.True(() => second.Numbers.Length == 100, () => $"{second.Numbers.Length} of 100");
        await using ScriptedCollector again = new(null, first.Port);
        await Eventually.True(() => output.Links[0].IsConnected, () => "not connected again");
        await Eventually.True(() => output.Links[0].IsHealthy, () => "not healthy again");
        Offer(output, 200, 100);
        await Eventually.True(() => again.Numbers.Length == 100, () => $"{again.Numbers.Length} of 100");
        Assert.Equal(Enumerable.Range(100, 100), second.Numbers);
        Assert.Equal(Enumerable.Range(200, 100), again.Numbers);
        ConservationLaw.AssertHolds(output.Counters);
    }

    [Fact]
    public async Task Hash_keeps_a_call_on_one_collector_and_moves_a_lost_ones_queue()
    {
        ScriptedCollector first = new();
        await using ScriptedCollector second = new();
        await using StreamOutput output = Create(HepServerMode.Hash, first.Port, second.Port);
        Offer(output, 0, 700);
        await Eventually.True(() => first.Numbers.Length + second.Numbers.Length == 700, () => $"{first.Numbers.Length} + {second.Numbers.Length}");
        Assert.NotEmpty(second.Numbers);
        int[] callsOfFirst = [.. first.Numbers.Select(number => number % 7).Distinct()];
        int[] callsOfSecond = [.. second.Numbers.Select(number => number % 7).Distinct()];
        Assert.Empty(callsOfFirst.Intersect(callsOfSecond));
        await first.DisposeAsync();
        Offer(output, 700, 700);
        await Eventually.True(
            () => first.Numbers.Concat(second.Numbers).Distinct().Count() == 1400, () => $"{first.Numbers.Length} + {second.Numbers.Length}");
        foreach (int call in callsOfSecond)
        {
            int[] order = [.. second.Numbers.Where(number => number % 7 == call)];
            Assert.Equal(order.Order(), order);
        }

        ConservationLaw.AssertHolds(output.Counters);
    }

    [Fact]
    public async Task A_refusing_udp_collector_gets_its_share_back_after_an_accepted_probe()
    {
        using Socket second = Listen();
        int port = FreePort.Next();
        ManualTime time = new();
        await using IOutput output = new OutputFactory(new KeptLog(), time).Create(new HepOutputConfiguration
        {
            Servers = [new("127.0.0.1", port), new("127.0.0.1", ((IPEndPoint)second.LocalEndPoint!).Port)],
        });
        Offer(output, 0, 2);
        Offer(output, 2, 1);
        Offer(output, 3, 5);
        Assert.Equal([3, 4, 5, 6, 7], Receive(second, 5));
        time.Advance(TimeSpan.FromSeconds(6));
        Offer(output, 8, 1);
        time.Advance(TimeSpan.FromSeconds(2));
        Offer(output, 9, 1);
        using Socket first = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        first.Bind(new IPEndPoint(IPAddress.Loopback, port));
        time.Advance(TimeSpan.FromSeconds(6));
        Offer(output, 10, 1);
        time.Advance(TimeSpan.FromSeconds(2));
        Offer(output, 11, 1);
        Offer(output, 12, 1);
        Assert.Equal([8, 9, 10, 11], Receive(second, 4));
        Assert.Equal([10, 12], Receive(first, 2));
        Assert.Equal(2, output.Counters.Resent);
        ConservationLaw.AssertHolds(output.Counters);
    }

    [Fact]
    public async Task A_reload_keeps_unchanged_outputs_and_drains_removed_ones()
    {
        await using ScriptedCollector kept = new();
        await using ScriptedCollector gone = new();
        await using ScriptedCollector added = new();
        Lock gate = new();
        KeptLog log = new();
        IOutput[] outputs = [];
        await using OutputSet set = new(new OutputFactory(log, TimeProvider.System, _quick), Exchange, log);
        await set.StartAsync([Tcp(HepServerMode.Failover, kept.Port), Tcp(HepServerMode.Failover, gone.Port)]);
        IOutput first = set.Outputs[0];
        Send(0, 1000);
        Task apply = set.ApplyAsync([Tcp(HepServerMode.Failover, added.Port), Tcp(HepServerMode.Failover, kept.Port)], CancellationToken.None);
        Send(1000, 1000);
        await apply;
        Send(2000, 1000);
        Assert.Same(first, set.Outputs[1]);
        await Eventually.True(() => kept.Numbers.Length == 3000, () => $"{kept.Numbers.Length} of 3000");
        await Eventually.True(() => added.Numbers.Length == 2000, () => $"{added.Numbers.Length} of 2000");
        await Eventually.True(() => gone.Numbers.Length == 1000, () => $"{gone.Numbers.Length} of 1000");
        Assert.Equal(1, kept.Connections);

        void Exchange(IOutput[] all)
        {
            lock (gate)
            {
                outputs = all;
            }
        }

        void Send(int start, int count)
        {
            lock (gate)
            {
                foreach (IOutput output in outputs)
                {
                    Offer(output, start, count);
                }
            }
        }
    }

    [Fact]
    public async Task A_reload_that_replaces_an_output_passes_on_its_spool()
    {
        string path = Path.Combine(Path.GetTempPath(), "hepbridge-" + Path.GetRandomFileName());
        ScriptedCollector first = new();
        await first.StopAsync();
        KeptLog log = new();
        SpoolConfiguration spool = new() { Path = path, Flush = TimeSpan.FromMilliseconds(100), MaxAge = TimeSpan.FromDays(36_500) };
        await using (OutputSet set = new(new OutputFactory(log, TimeProvider.System, _quick), _ => { }, log))
        {
            await set.StartAsync([With(first.Port, 1 << 20)]);
            Offer(set.Outputs[0], 0, 1000);
            await Eventually.True(() => set.Outputs[0].Counters.Spooled == 1000, () => log.Text);
            await using ScriptedCollector second = new();
            await set.ApplyAsync([With(second.Port, 2 << 20)], CancellationToken.None);
            Offer(set.Outputs[0], 1000, 10);
            await Eventually.True(() => second.Numbers.Length == 1010, () => $"{second.Numbers.Length} of 1010\n{log.Text}");
            Assert.Equal(Enumerable.Range(0, 1010), second.Numbers.Order());
        }

        Directory.Delete(path, recursive: true);

        HepOutputConfiguration With(int port, int ring) => new()
        {
            Servers = [new("127.0.0.1", port)],
            Transport = HepTransport.Tcp,
            RingBytes = ring,
            Spool = spool,
        };
    }

    private static HepOutputConfiguration Tcp(HepServerMode mode, params int[] ports) => new()
    {
        Servers = [.. ports.Select(port => new HepServer("127.0.0.1", port))],
        Transport = HepTransport.Tcp,
        Mode = mode,
    };

    private static StreamOutput Create(HepServerMode mode, params int[] ports) =>
        (StreamOutput)new OutputFactory(new KeptLog(), TimeProvider.System, _quick).Create(Tcp(mode, ports));

    private static void Offer(IOutput output, int first, int count)
    {
        for (int i = first; i < first + count; i++)
        {
            output.Offer(TestPackets.Make(i), PacketKind.Log);
        }

        output.Flush();
    }

    private static Socket Listen()
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private static int[] Receive(Socket socket, int count)
    {
        byte[] buffer = new byte[70_000];
        socket.ReceiveTimeout = 20_000;
        return [.. Enumerable.Range(0, count).Select(_ => TestPackets.NumberOf(buffer.AsSpan(0, socket.Receive(buffer))))];
    }

    private sealed class ManualTime : TimeProvider
    {
        private long _ticks = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Volatile.Read(ref _ticks);

        public void Advance(TimeSpan time) => Interlocked.Add(ref _ticks, time.Ticks);
    }
}
