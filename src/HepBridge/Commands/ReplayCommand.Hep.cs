using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using HepBridge.Replay;

namespace HepBridge.Commands;

/// <summary><c>replay FILE.hep --hep HOST:PORT</c>: sends recorded HEP packets, like a switch's SIP capture.</summary>
internal static partial class ReplayCommand
{
    private static readonly Option<string?> _hep = new("--hep") { Description = "Instead of listening, send the HEP packets of FILE, or the demo's SIP, by UDP to ADDRESS:PORT, such as a hep_input (127.0.0.1:9061)" };

    private static void CheckHepOptions() =>
        _hep.Require(static result => IPEndPoint.TryParse(result.GetValueOrDefault<string>() ?? "", out IPEndPoint? to) && to.Port > 0, "--hep must be an address with a port, such as 127.0.0.1:9061.");

    private static async Task<int> SendHepAsync(ParseResult parsed, FileInfo? file, IPEndPoint to, CancellationToken cancellationToken)
    {
        TextWriter output = parsed.InvocationConfiguration.Output;
        TextWriter error = parsed.InvocationConfiguration.Error;
        HepRecording recording;
        try
        {
            recording = file is null ? HepRecording.LoadDemo() : HepRecording.Load(file.FullName);
        }
        catch (Exception e) when (e is RecordingException or IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"{file} can't be sent: {e.Message}");
            return 2;
        }

        if (recording.CutAt is { } cut)
        {
            await error.WriteLineAsync($"{file?.Name} ends inside the packet at byte {cut}: that packet is cut off and is not sent.");
        }

        using Socket socket = new(to.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        long refused = 0;
        HepReplay replay = new(recording, OptionsOf(parsed).Playback, TimeProvider.System, async (packet, cancel) =>
        {
            try
            {
                await socket.SendToAsync(packet, SocketFlags.None, to, cancel);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
            {
                // Tells of an earlier packet; a receiver may still come.
                refused++;
            }
        });
        await output.WriteLineAsync($"Sending {recording.Packets.Count} packets to {to}. Ctrl-C ends.");
        try
        {
            await replay.RunAsync(null, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C is the regular end.
        }
        catch (SocketException e)
        {
            await error.WriteLineAsync($"Cannot send to {to}: {e.Message}");
            return 1;
        }

        string unheard = refused == 0 ? "" : $"; {refused} were refused: nothing listens there";
        await output.WriteLineAsync($"{replay.Sent} packets sent{unheard}.");
        return 0;
    }
}
