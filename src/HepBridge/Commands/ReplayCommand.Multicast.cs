using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Text;
using HepBridge.FreeSwitch.Multicast;
using HepBridge.Replay;

namespace HepBridge.Commands;

/// <summary><c>replay FILE --multicast GROUP</c>: stands in for mod_event_multicast.</summary>
internal static partial class ReplayCommand
{
    private const int DefaultMulticastPort = 4242;

    private static readonly Option<string?> _multicast = new("--multicast") { Description = "Instead of listening, send the events to GROUP or GROUP:PORT like mod_event_multicast (225.1.1.1:4242, [ff05::4242]:4242, or a host's address)" };
    private static readonly Option<string?> _psk = new("--psk") { Description = "With --multicast: encrypt with this psk" };
    private static readonly Option<string?> _interface = new("--interface") { Description = "With --multicast: interface by name or address (default: by the routing table)" };
    private static readonly Option<int> _ttl = new("--ttl") { Description = "With --multicast: TTL of the packets", DefaultValueFactory = static _ => 1 };
    private static readonly Option<bool> _multicastLoopback = new("--loopback") { Description = "With --multicast: also deliver to receivers on this host" };

    private static void CheckMulticastOptions()
    {
        _multicast.Require(static result => TryParseGroup(result.GetValueOrDefault<string>(), out _), "--multicast must be an address with or without a port, such as 225.1.1.1:4242 or [ff05::4242]:4242.");
        _psk.Require(
            static result => PskCipher.Accepts(Encoding.UTF8.GetBytes(result.GetValueOrDefault<string>() ?? "")),
            $"--psk must have 1 to {PskCipher.MaxKeyLength} bytes.");
        _ttl.Require(static result => result.GetValueOrDefault<int>() is >= 0 and <= 255, "--ttl must be 0 to 255.");
    }

    private static async Task<int> SendAsync(ParseResult parsed, Recording recording, IPEndPoint group, CancellationToken cancellationToken)
    {
        TextWriter output = parsed.InvocationConfiguration.Output;
        TextWriter error = parsed.InvocationConfiguration.Error;
        MulticastSenderOptions options = new()
        {
            Group = group,
            Psk = parsed.GetValue(_psk),
            Interface = parsed.GetValue(_interface),
            TimeToLive = parsed.GetValue(_ttl),
            Loopback = parsed.GetValue(_multicastLoopback),
            SenderName = recording.HeaderOf(recording.Frames.FirstOrDefault(static frame => !frame.IsLog), "FreeSWITCH-Switchname"u8),
        };
        try
        {
            using MulticastSender sender = new(options);
            MulticastReplay replay = new(recording, OptionsOf(parsed).Playback, sender, TimeProvider.System);
            await output.WriteLineAsync($"Sending to {group}{(options.Psk is null ? "" : ", encrypted")}. Ctrl-C ends.");
            try
            {
                await replay.RunAsync(cancellationToken);
            }
            finally
            {
                string tooLarge = sender.TooLarge == 0 ? "" : $", {sender.TooLarge} were too large for a datagram";
                await output.WriteLineAsync($"{sender.Sent} events sent{tooLarge}.");
            }

            return 0;
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C is the regular end.
            return 0;
        }
        catch (RecordingException e)
        {
            await error.WriteLineAsync($"Cannot send the recording: {e.Message}");
            return 2;
        }
        catch (SocketException e)
        {
            await error.WriteLineAsync($"Cannot send to {group}: {e.Message}. Set --interface to the one that leads to the group, or add a route.");
            return 1;
        }
    }

    private static bool TryParseGroup(string? text, [NotNullWhen(true)] out IPEndPoint? group)
    {
        if (!IPEndPoint.TryParse(text ?? "", out group))
        {
            return false;
        }

        group.Port = group.Port == 0 ? DefaultMulticastPort : group.Port;
        return true;
    }
}
