using System.Net;
using System.Net.Sockets;
using HepBridge.FreeSwitch.Multicast;
using HepBridge.Replay;

namespace HepBridge.EndToEndTests.Multicast;

/// <summary>Real sockets and real multicast between network namespaces. Host 1 receives, the others send.</summary>
[Collection(nameof(Processes))]
public sealed class MulticastNetworkTests
{
    private static readonly IPAddress _group = IPAddress.Parse("225.1.1.1");
    private static readonly TimeSpan _step = TimeSpan.FromMilliseconds(10);

    [Fact]
    public async Task Foreign_traffic_on_the_group_is_counted_by_reason_and_disturbs_nothing()
    {
        Requirements.Check();
        using PrivateNetwork network = new(3);
        NumberedEvents.Collector collector = new();
        MulticastReceiverOptions options = new() { Addresses = [_group], Port = 4242, Psk = "right", AllowedSenders = [IPNetwork.Parse("10.77.0.2/32")] };
        MulticastReceiver receiver = new(options, collector, TimeProvider.System);
        await using RunningInNamespace running = new(network.Host(1), receiver);
        await collector.Until(c => c.Listening == 1);

        MulticastCounters counters = receiver.Counters;
        Task good = SendAsync(network, 2, first: 0, perStep: 1, steps: 200, psk: "right");
        Task wrong = SendAsync(network, 2, first: 1000, perStep: 1, steps: 50, psk: "wrong");
        Task plain = SendAsync(network, 2, first: 2000, perStep: 1, steps: 50);
        Task foreign = SendAsync(network, 3, first: 3000, perStep: 1, steps: 50, psk: "right");
        Task noise = NamespaceThread.RunAsync(network.Host(2), () =>
        {
            using Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            byte[] whole = new byte[MulticastDatagram.MaxLength];
            Assert.True(new MulticastDatagramWriter("", new PskCipher("right"u8)).TryWrite(NumberedEvents.Make("cut", 1), Guid.NewGuid(), whole, out int length));
            Random random = new(1);
            for (int i = 0; i < 50; i++)
            {
                byte[] bytes = new byte[random.Next(1, 3000)];
                random.NextBytes(bytes);
                socket.SendTo(bytes, new IPEndPoint(_group, 4242));
                socket.SendTo(whole[..(length - 8)], new IPEndPoint(_group, 4242));
                socket.SendTo(whole[..(length - 3)], new IPEndPoint(_group, 4242));
                socket.SendTo([], new IPEndPoint(_group, 4242));
            }

            return Task.CompletedTask;
        });
        await Task.WhenAll(good, wrong, plain, foreign, noise);
        await UntilAsync(() => counters.Datagrams == 200 + 50 + 50 + 50 + 200);
        await collector.Until(c => c.Seen("switch2") == 200);
        Assert.Equal(200, counters.Events);
        Assert.Equal(50, counters.Rejected(DatagramReject.WrongPsk));
        Assert.Equal(50, counters.Rejected(DatagramReject.PlaintextWithPsk));
        Assert.Equal(50, counters.Rejected(DatagramReject.ForeignSender));
        Assert.Equal(50, counters.Rejected(DatagramReject.NoTrailer));
        Assert.Equal(50, counters.Rejected(DatagramReject.Truncated));
        Assert.Equal(50, counters.Rejected(DatagramReject.BadBlockLength));
        Assert.Equal(50, counters.Rejected(DatagramReject.Empty));
    }

    [Theory]
    [InlineData("eth0")]
    [InlineData("10.77.0.1")]
    [InlineData(null)]
    public async Task The_group_is_rejoined_after_the_interface_was_down_or_gone(string? networkInterface)
    {
        Requirements.Check();
        using PrivateNetwork network = new(2);
        NumberedEvents.Collector collector = new();
        MulticastReceiver receiver = new(Options(_group, networkInterface), collector, TimeProvider.System);
        await using RunningInNamespace running = new(network.Host(1), receiver);
        await collector.Until(c => c.Listening == 1);
        await SendAsync(network, 2, first: 0, perStep: 1, steps: 10);
        await collector.Until(c => c.Seen("switch2") == 10);

        network.Down(1);
        await SendAsync(network, 2, first: 10, perStep: 1, steps: 30);
        network.Up(1);
        await SendUntilAsync(network, collector, 1000, c => c.Rejoined >= 1);
        int seen = collector.Seen("switch2");
        await SendUntilAsync(network, collector, 100_000, c => c.Seen("switch2") >= seen + 10);

        network.Disconnect(1);
        await collector.Until(c => c.Statuses.Any(status => status.State == ListenerState.Waiting));
        int rejoined = collector.Rejoined;
        network.Connect(1);
        await collector.Until(c => c.Rejoined > rejoined);
        seen = collector.Seen("switch2");
        await SendUntilAsync(network, collector, 200_000, c => c.Seen("switch2") >= seen + 10);
    }

    [Fact]
    public async Task Two_receivers_on_one_host_hear_groups_of_both_families()
    {
        Requirements.Check();
        using PrivateNetwork network = new(2);
        IPAddress[] groups = [_group, IPAddress.Parse("225.1.1.2"), IPAddress.Parse("ff05::4242"), IPAddress.Parse("ff02::4242"), IPAddress.Parse("10.77.0.1")];
        NumberedEvents.Collector all = new();
        NumberedEvents.Collector one = new();
        await using RunningInNamespace first = new(network.Host(1), new MulticastReceiver(Options("eth0", groups), all, TimeProvider.System));
        await using RunningInNamespace second = new(network.Host(1), new MulticastReceiver(Options(_group, "eth0"), one, TimeProvider.System));
        await all.Until(c => c.Listening == groups.Length);
        await one.Until(c => c.Listening == 1);
        for (int i = 0; i < groups.Length; i++)
        {
            await SendAsync(network, 2, first: i * 1000, perStep: 1, steps: 20, group: groups[i]);
        }

        await all.Until(c => c.Seen("switch2") == groups.Length * 20);
        await one.Until(c => c.Seen("switch2") == 20);

        // Once the sender's link-local address is ready, the kernel may prefer it for ff02::.
        Assert.Equal(["10.77.0.2", "fd77::2"], all.Sources.Where(source => !source.StartsWith("fe80:", StringComparison.Ordinal)).Order());
    }

    private static MulticastReceiverOptions Options(IPAddress group, string? networkInterface = null) => Options(networkInterface, group);

    private static MulticastReceiverOptions Options(string? networkInterface, params IPAddress[] groups) =>
        new() { Addresses = groups, Port = 4242, Interface = networkInterface, CheckInterval = TimeSpan.FromMilliseconds(100) };

    private static async Task SendUntilAsync(PrivateNetwork network, NumberedEvents.Collector collector, int first, Func<NumberedEvents.Collector, bool> condition)
    {
        Task reached = collector.Until(condition);
        while (!reached.IsCompleted)
        {
            await SendAsync(network, 2, first, perStep: 1, steps: 10);
            first += 10;
        }

        await reached;
    }

    // Polls a condition that no event signals.
    private static async Task UntilAsync(Func<bool> condition)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(60));
        using PeriodicTimer timer = new(_step);
        while (!condition())
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    private static Task SendAsync(PrivateNetwork network, int host, int first, int perStep, int steps, string? psk = null, IPAddress? group = null) =>
        NamespaceThread.RunAsync(network.Host(host), async () =>
        {
            using MulticastSender sender = new(new MulticastSenderOptions
            {
                Group = new IPEndPoint(group ?? _group, 4242),
                Interface = "eth0",
                Psk = psk,
                SenderName = $"switch{host}",
            });
            using PeriodicTimer timer = new(_step);
            int number = first;
            for (int step = 0; step < steps; step++)
            {
                for (int i = 0; i < perStep; i++)
                {
                    sender.Send(NumberedEvents.Make($"switch{host}", number++));
                }

                await timer.WaitForNextTickAsync();
            }
        });
}
