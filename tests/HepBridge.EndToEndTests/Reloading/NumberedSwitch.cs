using System.Globalization;
using System.Text;
using HepBridge.Replay;

namespace HepBridge.EndToEndTests.Reloading;

/// <summary>
/// A switch that fires numbered events at a fixed rate to every subscriber. Every tenth is the CREATE of an outbound
/// leg without a Call-ID: its report is held until the leg's ANSWER, 400 events later.
/// </summary>
internal sealed class NumberedSwitch : IAsyncDisposable
{
    private const int Outbound = 10;
    private const int Waits = 400;
    private readonly CancellationTokenSource _stop = new();
    private readonly ReplayServer _server;
    private readonly Task _running;

    public NumberedSwitch(string name, int events, int perSecond)
    {
        ReplayServerOptions options = new() { Stay = true };
        _server = new ReplayServer(Recording.Parse(Events(name, events, perSecond)), options, TimeProvider.System);
        _server.ClientChanged += change => Connections += change.EndsWith(" connected", StringComparison.Ordinal) ? 1 : 0;
        _running = _server.RunAsync(_stop.Token);
    }

    public int Port => _server.EndPoint.Port;

    /// <summary>Connections so far: one for events, one for the channels in progress.</summary>
    public int Connections { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _server.Dispose();
        _stop.Dispose();
    }

    private static byte[] Events(string name, int events, int perSecond)
    {
        StringBuilder bytes = new();
        long start = (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        for (int i = 0; i < events; i++)
        {
            bool answers = i >= Waits && i % Outbound == Outbound / 2;
            bool creates = i % Outbound == 0 && i + Waits + (Outbound / 2) < events;
            int leg = answers ? i - Waits - (Outbound / 2) : i;
            string kind = creates ? "CHANNEL_CREATE" : answers ? "CHANNEL_ANSWER" : "CHANNEL_HOLD";
            string callId = creates ? "" : $"variable_sip_call_id: {name}-{leg}\n";
            string direction = creates || answers ? "outbound" : "inbound";
            string body = string.Create(
                CultureInfo.InvariantCulture,
                $"Event-Name: {kind}\nCore-UUID: core-{name}\nFreeSWITCH-Switchname: {name}\nFreeSWITCH-IPv4: 127.0.0.1\nEvent-Date-Timestamp: {start + (i * 1_000_000L / perSecond)}\nEvent-Sequence: {i}\nUnique-ID: {name}-{leg}\nCall-Direction: {direction}\nChannel-Name: sofia/internal/{leg}\n{callId}\n");
            bytes.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\nContent-Type: text/event-plain\n\n{body}");
        }

        return Encoding.ASCII.GetBytes(bytes.ToString());
    }
}
