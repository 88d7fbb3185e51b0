using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HepBridge.EndToEndTests.Outputs;
using HepBridge.EndToEndTests.Processes;
using HepBridge.FreeSwitch.Multicast;
using HepBridge.Hep;

namespace HepBridge.EndToEndTests.Multicast;

/// <summary>Anyone on the network can send multicast datagrams: memory stays bounded, and a real switch's calls are all reported.</summary>
[Collection(nameof(Alone))]
public sealed partial class HostileNetworkTests : IAsyncDisposable
{
    private const int Datagrams = 200_000;
    private const int Calls = 200;
    private const int EventsPerCall = 5;
    private const long MostGrowth = 64L << 20;
    private const string Psk = "correct horse";

    private readonly Setup _setup = new();
    private readonly HttpClient _client = new();
    private readonly Socket _collector = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Socket _sender = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly HashSet<string> _reported = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _collector.Dispose();
        _sender.Dispose();
        await _setup.DisposeAsync();
    }

    [Theory]
    [InlineData(null)]
    [InlineData(Psk)]
    public async Task A_flood_of_every_kind_of_datagram_costs_neither_memory_nor_calls(string? psk)
    {
        Assert.SkipUnless(File.Exists("/proc/net/udp"), "The pace of the flood follows the receiver's queue, which only Linux shows (/proc/net/udp).");
        _collector.ReceiveBufferSize = 4 << 20;
        _collector.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _sender.SendBufferSize = 1 << 20;
        int port = FreePort();
        JsonObject multicast = new()
        {
            ["MULTICAST_ADDRESS"] = "127.0.0.1",
            ["MULTICAST_PORT"] = port,
            ["report_registration_events"] = true,
            ["report_custom_events"] = true,
        };
        if (psk is not null)
        {
            multicast["MULTICAST_PSK"] = psk;
        }

        _setup.Save(new JsonObject
        {
            ["hep_config"] = new JsonObject { ["HEP_SERVER"] = "127.0.0.1", ["HEP_PORT"] = ((IPEndPoint)_collector.LocalEndPoint!).Port },
            ["multicast_config"] = multicast,
            ["metrics"] = new JsonObject { ["listen"] = "127.0.0.1:0" },
        });
        Task receiving = Task.Factory.StartNew(Receive, Cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        HepBridgeProcess run = _setup.Start();
        Uri address = new(await run.MatchesAsync("(http://[^ ]*/)metrics"));
        await run.SeesAsync($"127.0.0.1 port {port}");
        _sender.Connect(IPAddress.Loopback, port);

        PskCipher? cipher = psk is null ? null : new PskCipher(Encoding.UTF8.GetBytes(psk));
        int real = 0;
        long before = 0;
        for (int i = 0; i < Datagrams; i++)
        {
            if (i % (Datagrams / (Calls * EventsPerCall)) == 0)
            {
                Send(RealEvent(real++, cipher), port);
            }

            if (i == 2_000)
            {
                // By now code is compiled and buffers are allocated.
                before = await SettledMemoryAsync(run, port);
            }

            Send(Hostile.Next(i), port);
        }

        long after = await SettledMemoryAsync(run, port);
        string metrics = await _client.GetStringAsync(new Uri(address, "metrics"), Cancellation);
        TestContext.Current.TestOutputHelper?.WriteLine($"psk {psk ?? "none"}: {before >> 20} MB before, {after >> 20} MB after\n{metrics}\n{string.Join('\n', run.Lines)}");
        Assert.True(after - before < MostGrowth, $"memory grew from {before >> 20} to {after >> 20} MB");
        for (int wait = 0; Count() < Calls * EventsPerCall && wait < 200; wait++)
        {
            await Task.Delay(50, Cancellation);
        }

        string[] missing = [.. Enumerable.Range(0, Calls * EventsPerCall).Select(Key).Where(key => !Has(key))];
        Assert.True(missing.Length == 0, $"{missing.Length} of the real switch's reports are missing: {string.Join(' ', missing.Take(10))}\n{metrics}");
        Assert.Contains("hepbridge_multicast_kernel_drops_total", metrics, StringComparison.Ordinal);
        Assert.Matches(@"hepbridge_multicast_kernel_drops_total\{[^}]*\} 0\n", metrics);
        Assert.All(run.Lines, line => Assert.Matches(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} (info |warn |error|fatal) [^\p{Cc}]*$", line));
        Assert.True(run.Count < 200, $"{run.Count} lines were logged");
        Assert.Equal(0, await run.EndAsync());
        _collector.Close();
        await receiving.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
    }

    private static int FreePort()
    {
        using Socket probe = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }

    private static string Key(int number) => string.Create(CultureInfo.InvariantCulture, $"real-{number / EventsPerCall}@switch {_states[number % EventsPerCall]}");

    private static readonly string[] _names = ["CHANNEL_CREATE", "CHANNEL_PROGRESS", "CHANNEL_ANSWER", "CHANNEL_HANGUP_COMPLETE", "CHANNEL_DESTROY"];
    private static readonly string[] _states = ["CREATE", "PROGRESS", "ANSWER", "HANGUP_COMPLETE", "DESTROY"];

    // An outbound leg: its CREATE waits for the Call-ID that PROGRESS names; ANSWER names none, and uses the Call-ID already known.
    private static byte[] RealEvent(int number, PskCipher? cipher)
    {
        int call = number / EventsPerCall;
        int step = number % EventsPerCall;
        string callId = step == 1 ? $"variable_sip_call_id: real-{call}%40switch\n" : "";
        return Datagram(
            _names[step], "11111111-2222-3333-4444-555555555555", "real-switch", $"00000000-0000-0000-0000-{call:d12}",
            $"Channel-Name: sofia/internal/1000\nCall-Direction: outbound\nCaller-Caller-ID-Number: 1000\nCaller-Destination-Number: 2000\n{callId}", number, cipher);
    }

    private static byte[] Datagram(string name, string core, string node, string uniqueId, string headers, int sequence, PskCipher? cipher = null)
    {
        long now = (DateTime.UtcNow.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
        byte[] plain = Encoding.UTF8.GetBytes(
            $"Event-Name: {name}\nCore-UUID: {core}\nFreeSWITCH-Hostname: {node}\nFreeSWITCH-Switchname: {node}\nFreeSWITCH-IPv4: 10.0.0.1\n"
            + $"Event-Date-Timestamp: {now}\nEvent-Sequence: {sequence}\n{(uniqueId.Length == 0 ? "" : $"Unique-ID: {uniqueId}\n")}{headers}\n");
        byte[] destination = new byte[65_507];
        Assert.True(new MulticastDatagramWriter("flood", cipher).TryWrite(plain, Guid.NewGuid(), destination, out int written), "the datagram is too large");
        return destination[..written];
    }

    private void Send(byte[] datagram, int port)
    {
        _sender.Send(datagram);

        // Nothing may be lost in transit: the kernel charges more than a datagram's bytes.
        if ((_inFlight += datagram.Length + 1_000) > 50_000)
        {
            WaitUntilRead(port);
        }
    }

    private int _inFlight;

    private void WaitUntilRead(int port)
    {
        SpinWait.SpinUntil(() => Unread(port) == 0, TimeSpan.FromSeconds(60));
        _inFlight = 0;
    }

    private static long Unread(int port)
    {
        string local = $"0100007F:{port:X4}";
        foreach (string line in File.ReadLines("/proc/net/udp"))
        {
            string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length > 4 && fields[1] == local)
            {
                return long.Parse(fields[4].Split(':')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            }
        }

        return 0;
    }

    private async Task<long> SettledMemoryAsync(HepBridgeProcess run, int port)
    {
        WaitUntilRead(port);
        await Task.Yield();
        string status = await File.ReadAllTextAsync($"/proc/{run.Id}/status", Cancellation);
        return long.Parse(ResidentMemory().Match(status).Groups[1].Value, CultureInfo.InvariantCulture) << 10;
    }

    private void Receive()
    {
        byte[] buffer = new byte[65_536];
        try
        {
            while (true)
            {
                int length = _collector.Receive(buffer);
                if (HepDecoder.TryDecode(buffer.AsSpan(0, length), out HepPacket packet, out _)
                    && Encoding.UTF8.GetString(packet.CorrelationId) is var callId && callId.StartsWith("real-", StringComparison.Ordinal))
                {
                    string state = Encoding.UTF8.GetString(packet.Payload).Split(' ')[0];
                    lock (_reported)
                    {
                        _reported.Add($"{callId} {state}");
                    }
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private int Count()
    {
        lock (_reported)
        {
            return _reported.Count;
        }
    }

    private bool Has(string key)
    {
        lock (_reported)
        {
            return _reported.Contains(key);
        }
    }

    [GeneratedRegex(@"VmRSS:\s+(\d+) kB")]
    private static partial Regex ResidentMemory();

    /// <summary>The kinds of hostile datagrams, in turn, each with something new.</summary>
    private static class Hostile
    {
        private const string Flood = "99999999-0000-0000-0000-000000000000";
        private static readonly string _huge = new('x', 60_000);
        private static readonly string _id = new('i', 240);
        private static readonly string _callId = new('c', 1_000);
        private static readonly string _manyHeaders = string.Concat(Enumerable.Range(0, 3_000).Select(i => $"variable_{i}: x\n"));

        public static byte[] Next(int i) => (i % 16) switch
        {
            0 => Datagram("CHANNEL_CREATE", Flood, "flood", _huge, "", i),
            1 => Datagram("HEARTBEAT", _huge[..59_000], new string('n', 2_000), "", "", i),
            2 => Datagram("CHANNEL_CREATE", Flood, "flood", $"fat-{i}", $"Channel-Name: sofia/{_huge[..28_000]}\nCaller-Caller-ID-Name: {_huge[..28_000]}\nCall-Direction: outbound\n", i),
            3 => Datagram("CHANNEL_CREATE", Flood, "flood", $"many-{i}", _manyHeaders, i),
            4 => Datagram("HEARTBEAT", $"core-{i}", "flood", "", "", i),
            5 => Datagram("HEARTBEAT", $"peer-{i}", $"peer-{i}%0A2026-01-01 00:00:00.000 info  forged%1B[31m", "", "", i),
            6 => Datagram(
                "CUSTOM", Flood, "flood", "",
                $"Event-Subclass: sofia%3A%3Aregister\nfrom-user: {i}{_id}\nfrom-host: {_id}\ncontact: {_huge[..5_000]}\nuser-agent: {_huge[..5_000]}\ncall-id: {i}{_callId}\nexpires: 2000000000\n", i),
            7 => Datagram("CHANNEL_CREATE", $"{i}{_id}", $"{i}{_id}", $"{i}{_id}", $"variable_sip_call_id: {i}{_callId}\nvariable_originator: {_id}\nCall-Direction: inbound\n", i),
            8 => Datagram("CHANNEL_CREATE", Flood, "flood", $"held-{i}", "Channel-Name: sofia/x\nCall-Direction: outbound\n", i),
            9 => Datagram("RECV_RTCP_MESSAGE", Flood, "flood", $"rtcp-{i}", "SSRC: 00000001\nSource0-SSRC: 00000002\n", i),
            10 => Datagram("CHANNEL_DESTROY", Flood, "flood", $"gone-{i}", $"variable_sip_call_id: {i}{_callId}\n", i),
            11 => Datagram("CHANNEL_CREATE", $"switch-{i}", $"switch-{i}", $"leg-{i}", $"variable_sip_call_id: {i}\n", i),
            12 => Encoding.UTF8.GetBytes(_huge[..(i % 60_000)]),
            13 => Datagram("HEARTBEAT", $"forged-{i}", "real-switch", "", "", i),
            14 => Datagram("CHANNEL_ANSWER", Flood, "flood", $"fat-{i - 12}", $"variable_sip_call_id: {i}\n", i),
            _ => Datagram("CUSTOM", Flood, "flood", $"custom-{i}", $"Event-Subclass: conference%3A%3Amaintenance\nAction: {_huge[..20_000]}\n", i),
        };
    }
}
