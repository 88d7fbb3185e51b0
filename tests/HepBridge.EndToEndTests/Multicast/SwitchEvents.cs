using System.Globalization;
using System.Net;
using System.Text;
using HepBridge.Replay;

namespace HepBridge.EndToEndTests.Multicast;

/// <summary>Current events of a switch with this name.</summary>
internal sealed class SwitchEvents(string name, string coreUuid)
{
    private int _sequence;

    public byte[] Heartbeat() => Make("Event-Name: HEARTBEAT\n");

    /// <summary>An event that becomes a packet: a user's registration.</summary>
    public byte[] Register(string user) => Make(
        $"Event-Name: CUSTOM\nEvent-Subclass: sofia%3A%3Aregister\nfrom-user: {user}\nfrom-host: example.net\ncontact: sip%3A{user}%4010.9.9.9\n"
        + $"call-id: {user}-of-{name}\nexpires: 300\nnetwork-ip: 10.9.9.9\nnetwork-port: 5060\n");

    /// <summary>A mass of events; every tenth becomes a packet, every hundredth is so large that it is fragmented.</summary>
    public byte[] Next() => (_sequence % 100) switch
    {
        0 => Make($"Event-Name: CHANNEL_STATE\nvariable_filler: {new string('x', 9_000)}\n"),
        var number when number % 10 == 5 => Register("1000"),
        _ => Make($"Event-Name: CHANNEL_STATE\nvariable_filler: {new string('x', 1_100)}\n"),
    };

    /// <summary>Sends this many steps from a host of the network, one every 10 ms.</summary>
    public Task SendAsync(string host, int steps, Func<IEnumerable<byte[]>> each, string? psk = null) => NamespaceThread.RunAsync(host, async () =>
    {
        using MulticastSender sender = new(new MulticastSenderOptions { Group = new IPEndPoint(IPAddress.Parse("225.1.1.1"), 4242), Interface = "eth0", Psk = psk, SenderName = name });
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(10));
        for (int step = 0; step < steps; step++)
        {
            foreach (byte[] plain in each())
            {
                sender.Send(plain);
            }

            await timer.WaitForNextTickAsync();
        }
    });

    private byte[] Make(string headers)
    {
        long now = (DateTime.UtcNow.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
        return Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"{headers}Core-UUID: {coreUuid}\nFreeSWITCH-Switchname: {name}\nFreeSWITCH-IPv4: 10.1.1.1\nEvent-Date-Timestamp: {now}\nEvent-Sequence: {++_sequence}\n\n"));
    }
}
