using System.Text;
using HepBridge.Configuration;
using HepBridge.Hep;
using HepBridge.Outputs.Routing;

namespace HepBridge.Tests.Outputs.Routing;

public sealed class ServerRouterTests
{
    private static readonly string[] _servers = ["10.0.0.1:9060", "10.0.0.2:9060", "collector.example:9060", "[::1]:9060"];

    [Fact]
    public void Failover_takes_the_first_healthy_server_in_order()
    {
        ServerRouter router = new(HepServerMode.Failover, _servers);
        byte[] packet = TestPackets.Make(1);
        Assert.Equal(0, router.Route(packet, 0b1111));
        Assert.Equal(1, router.Route(packet, 0b1110));
        Assert.Equal(3, router.Route(packet, 0b1000));
        Assert.Equal(0, router.Route(packet, 0));
    }

    [Fact]
    public void Hash_spreads_calls_evenly_and_keeps_each_call_on_one_server()
    {
        ServerRouter router = new(HepServerMode.Hash, _servers);
        int[] calls = new int[_servers.Length];
        for (int i = 0; i < 4000; i++)
        {
            int server = router.Route(Call(i), 0b1111);
            Assert.Equal(server, router.Route(TestPackets.Make(i + 1, 500, $"call-{i}@host"), 0b1111));
            calls[server]++;
        }

        Assert.All(calls, count => Assert.InRange(count, 850, 1150));
    }

    [Fact]
    public void Hash_moves_only_a_lost_servers_calls()
    {
        ServerRouter router = new(HepServerMode.Hash, _servers);
        for (int i = 0; i < 2000; i++)
        {
            int all = router.Route(Call(i), 0b1111);
            int without = router.Route(Call(i), 0b1011);
            Assert.NotEqual(2, without);
            Assert.True(all == 2 || all == without);
        }
    }

    [Fact]
    public void Hash_follows_the_servers_names_and_not_their_order()
    {
        ServerRouter router = new(HepServerMode.Hash, _servers);
        string[] reversed = [.. _servers.Reverse()];
        ServerRouter other = new(HepServerMode.Hash, reversed);
        for (int i = 0; i < 500; i++)
        {
            Assert.Equal(_servers[router.Route(Call(i), 0b1111)], reversed[other.Route(Call(i), 0b1111)]);
        }
    }

    [Fact]
    public void Hash_sends_SIP_where_the_reports_of_its_Call_ID_go_whatever_its_correlation_id()
    {
        ServerRouter router = new(HepServerMode.Hash, _servers);
        for (int i = 0; i < 200; i++)
        {
            int reports = router.Route(Call(i), 0b1111);
            Assert.Equal(reports, router.Route(Sip($"INVITE sip:a@b SIP/2.0\r\nCall-ID: call-{i}@host\r\n\r\n", ""), 0b1111));
            Assert.Equal(reports, router.Route(Sip($"SIP/2.0 200 OK\r\nVia: x\r\ni:call-{i}@host\r\n\r\n", "another@host"), 0b1111));
        }
    }

    private static byte[] Sip(string message, string correlationId)
    {
        HepPacket packet = new() { PayloadType = HepPayloadType.Sip, CorrelationId = Encoding.ASCII.GetBytes(correlationId), Payload = Encoding.ASCII.GetBytes(message) };
        byte[] bytes = new byte[HepEncoder.HeaderLength(packet) + packet.Payload.Length];
        Assert.True(HepEncoder.TryEncode(packet, bytes, out _));
        return bytes;
    }

    private static byte[] Call(int number) => TestPackets.Make(number, 100, $"call-{number}@host");
}
