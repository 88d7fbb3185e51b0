using System.Net;
using System.Net.Sockets;
using HepBridge.Configuration;
using HepBridge.Fuzz.Corpora;
using HepBridge.Inputs.Packets;
using HepBridge.Tests.Outputs;
using HepBridge.Tests.Pipeline;
using Microsoft.Extensions.Logging;

namespace HepBridge.Tests.Inputs.Packets;

public sealed class HepInputTests : IDisposable
{
    private readonly PipelineRig _rig = new();
    private readonly KeptLog _log = new();

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task Packets_by_UDP_pass_byte_for_byte()
    {
        Assert.Equal(307, SipCapture.Session.Count);
        await using RunningHepInput input = await StartAsync(new HepInputConfiguration { Reports = new ReportOptions(), FillAddresses = false });
        await input.SendAsync(SipCapture.Session);
        Assert.Equal(SipCapture.Session, _rig.Output.Bytes);
        Assert.Equal((307, 307, 0), (input.Input.Binding.Received, _rig.Pipeline.Counters.SipPackets, input.Input.Refused.Count()));
        Assert.True(_rig.Pipeline.Counters.AreConserved);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public async Task Packets_by_TCP_pass_however_they_are_cut(int segment)
    {
        byte[][] packets = [.. SipCapture.Session.Take(segment == 1 ? 5 : 300)];
        byte[] stream = [.. packets.SelectMany(packet => packet)];
        await using RunningHepInput input = await StartAsync(new HepInputConfiguration { Reports = new ReportOptions(), FillAddresses = false });
        using TcpClient client = await input.ConnectAsync();
        foreach (byte[] part in stream.Chunk(segment))
        {
            await client.GetStream().WriteAsync(part, TestContext.Current.CancellationToken);
        }

        await input.TakenAsync(packets.Length);
        Assert.Equal(packets, _rig.Output.Bytes);
    }

    [Fact]
    public async Task HEP_of_any_type_and_of_any_agent_passes()
    {
        byte[][] packets = [.. HepPackets.Sofia.Take(3), TestPackets.Make(1), TestPackets.Make(2)];
        await using RunningHepInput input = await StartAsync();
        await input.SendAsync(packets);
        Assert.Equal(packets, _rig.Output.Bytes);
    }

    [Fact]
    public async Task Bytes_behind_a_packet_are_left_out_because_they_would_break_a_stream()
    {
        byte[] packet = SipCapture.Session[0];
        await using RunningHepInput input = await StartAsync();
        await input.SendAsync([[.. packet, 0, 0, 0, 0]]);
        Assert.Equal(packet, Assert.Single(_rig.Output.Bytes));
    }

    [Fact]
    public async Task What_is_no_HEP3_is_refused_with_its_reason()
    {
        byte[] good = SipCapture.Session[0];
        byte[] badSize = [.. good];
        badSize[11] = 8;
        byte[] version1 = [1, 16, 2, 17, 0x13, 0xc4, 0x13, 0xc4, 10, 0, 0, 1, 10, 0, 0, 2, .. "OPTIONS sip:a SIP/2.0\r\n"u8];
        byte[] version2 = [2, 28, .. version1[2..]];
        byte[] keepAlive = [.. "HEP3"u8, 0, 14, 0, 0, 0, 0x0d, 0, 8, 0, 60];
        await using RunningHepInput input = await StartAsync();
        await input.SendAsync([version1, version2, "GET / HTTP/1.1"u8.ToArray(), good[..^1], [.. "HEP3"u8, 0, 1], badSize, keepAlive, []]);
        Assert.Equal(
            ["OldVersion 2", "NotHep 1", "Truncated 2", "BadTotalLength 1", "BadFixedSize 1", "NoPayloadType 1"],
            input.Input.Refused.Select(refused => $"{refused.Reason} {refused.Count}"));
        Assert.Empty(_rig.Packets);
        Assert.Contains(_log.Lines, line => line.Contains("add ';hep=3' to capture-server", StringComparison.Ordinal) && line.Contains("127.0.0.1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_broken_stream_is_refused_and_closed_and_the_next_one_works()
    {
        await using RunningHepInput input = await StartAsync();
        foreach (byte[] bad in (byte[][])["SIP/2.0 200 OK"u8.ToArray(), [.. SipCapture.Session[0], .. "HEPX"u8]])
        {
            using TcpClient broken = await input.ConnectAsync();
            await broken.GetStream().WriteAsync(bad, TestContext.Current.CancellationToken);
            Assert.Equal(0, await broken.GetStream().ReadAsync(new byte[1], TestContext.Current.CancellationToken));
        }

        using (TcpClient half = await input.ConnectAsync())
        {
            await half.GetStream().WriteAsync(SipCapture.Session[1].AsMemory(0, 50), TestContext.Current.CancellationToken);
        }

        await Eventually.True(() => input.Input.Counters.Rejected(PacketReject.Truncated) == 1, () => "The half packet is not counted.");
        using TcpClient good = await input.ConnectAsync();
        await good.GetStream().WriteAsync(SipCapture.Session[1], TestContext.Current.CancellationToken);
        await input.TakenAsync(5);
        Assert.Equal([SipCapture.Session[0], SipCapture.Session[1]], _rig.Output.Bytes);
        Assert.Equal(2, input.Input.Counters.Rejected(PacketReject.NotHep));
    }

    [Fact]
    public async Task Only_allowed_senders_are_heard()
    {
        await using RunningHepInput input = await StartAsync(new HepInputConfiguration { Reports = new ReportOptions(), AllowedSenders = [IPNetwork.Parse("192.0.2.0/24")] });
        await input.SendAsync([SipCapture.Session[0]]);
        using TcpClient client = await input.ConnectAsync();
        Assert.Equal(0, await client.GetStream().ReadAsync(new byte[1], TestContext.Current.CancellationToken));
        await Eventually.True(() => input.Input.Counters.Rejected(PacketReject.ForeignSender) == 2, () => "It is not counted.");
        Assert.Empty(_rig.Packets);

        // A reload lets it in without a new socket.
        Assert.True(await input.Input.TryApplyAsync(Configure(new HepInputConfiguration { Reports = new ReportOptions(), AllowedSenders = [IPNetwork.Parse("127.0.0.0/8")] }), TestContext.Current.CancellationToken));
        await input.SendAsync([SipCapture.Session[0]]);
        Assert.Single(_rig.Packets);
    }

    [Fact]
    public async Task SIP_is_left_out_if_asked_for_and_the_rest_passes()
    {
        await using RunningHepInput input = await StartAsync(new HepInputConfiguration { Reports = new ReportOptions(), ReportSip = false });
        await input.SendAsync([SipCapture.Session[0], TestPackets.Make(1)]);
        Assert.Equal(TestPackets.Make(1), Assert.Single(_rig.Output.Bytes));
        Assert.Equal((1, 1), (_rig.Pipeline.Counters.Filtered, _rig.Pipeline.Counters.Reported));
    }

    [Fact]
    public async Task An_own_id_key_and_name_replace_those_of_the_packets_and_nothing_else_changes()
    {
        PacketOptions packets = new() { CaptureId = 77, AuthKey = "key"u8.ToArray(), NodeName = "node"u8.ToArray() };
        await using RunningHepInput input = await StartAsync(new HepInputConfiguration { Reports = new ReportOptions { Packets = packets } });
        await input.SendAsync([SipCapture.Session[0]]);
        CollectedPacket before = CollectedPacket.From(SipCapture.Session[0]);
        Assert.Equal(before with { CaptureId = 77, AuthKey = "key", NodeName = "node" }, Assert.Single(_rig.Packets));
        Assert.Equal(SipCapture.Session[0].Length + 6 + 3 + 6 + 4, _rig.Output.Bytes[0].Length);
    }

    [Fact]
    public async Task A_port_in_use_is_told_and_taken_when_it_is_free()
    {
        using Socket other = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        IPEndPoint taken = (IPEndPoint)other.LocalEndPoint!;
        RunningHepInput input = new(new HepInputConfiguration { Reports = new ReportOptions(), Listen = taken }, _rig, _log);
        await using (input)
        {
            await Eventually.True(() => input.Input.State.Problem is not null, () => "It says nothing.");
            Assert.Equal($"Cannot listen on UDP {taken}: another program uses the port. Stop it ('ss -lntup' shows it), or choose another port.", input.Input.State.Problem);
            other.Dispose();
            await Eventually.True(
                () =>
                {
                    _rig.Time.Advance(TimeSpan.FromSeconds(5));
                    return input.Input.State.IsUp;
                },
                () => "It does not listen.");
        }
    }

    [Fact]
    public void A_packet_costs_no_allocation()
    {
        _rig.Pipeline.Outputs = [new CountingOutput()];
        HepInputConfiguration configuration = new() { Reports = new ReportOptions { Packets = new PacketOptions { CaptureId = 7 } } };
        using HepInput input = new(configuration, _rig.Pipeline, _rig.Time, _log.CreateLogger<HepInput>());
        PacketIntake intake = input.MakeIntake();
        byte[] buffer = [.. SipCapture.Session.SelectMany(packet => packet)];
        byte[][] packets = [.. SipCapture.Session];
        Play();
        Play();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Play();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Play()
        {
            int at = 0;
            foreach (byte[] packet in packets)
            {
                intake.Add(buffer, at, packet.Length, default);
                at += packet.Length;
                if (intake.IsFull)
                {
                    intake.Flush(buffer);
                }
            }

            intake.Flush(buffer);
        }
    }

    private static HepInputConfiguration Configure(HepInputConfiguration? configuration = null) => RunningHepInput.OnAnyPort(configuration ?? new HepInputConfiguration { Reports = new ReportOptions() });

    private async Task<RunningHepInput> StartAsync(HepInputConfiguration? configuration = null)
    {
        RunningHepInput input = new(Configure(configuration), _rig, _log);
        await Eventually.True(() => input.Input.State.IsUp, () => "It does not listen.");
        return input;
    }
}
