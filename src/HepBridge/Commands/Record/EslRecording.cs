using System.Net.Sockets;
using HepBridge.FreeSwitch.Esl;

namespace HepBridge.Commands.Record;

/// <summary>Records the bytes of one connection to a switch.</summary>
internal sealed class EslRecording(EslEndpoint endpoint, EslSubscription subscription, TimeProvider time)
{
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(5);

    /// <summary>Events and log lines so far.</summary>
    public long Frames { get; private set; }

    /// <summary>Why the recording ended by itself; null if it was canceled.</summary>
    public string? End { get; private set; }

    /// <summary>Records until canceled or until the switch closes. False if nothing could be recorded; <see cref="End"/> says why.</summary>
    public async Task<bool> RunAsync(StreamRecorder recorder, CancellationToken cancellationToken)
    {
        try
        {
            (EslConnection? connection, EslOutcome outcome) =
                await EslConnector.OpenAsync(endpoint, _timeout, time, cancellationToken, tap: recorder.Write);
            if (connection is null)
            {
                End = outcome.Message;
                return false;
            }

            using (connection)
            {
                return await RecordAsync(connection, cancellationToken);
            }
        }
        catch (SocketException e)
        {
            End = $"The connection to {endpoint} broke ({e.Message}).";
            return Frames > 0;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return true;
        }
    }

    private async Task<bool> RecordAsync(EslConnection connection, CancellationToken cancellationToken)
    {
        Queue<string> asked = new(subscription.Commands());
        foreach (string command in asked)
        {
            await connection.SendAsync(command, cancellationToken);
        }

        do
        {
            while (connection.TryReadFrame(out EslFrame frame))
            {
                if (frame.IsEventOrLog)
                {
                    Frames++;
                }
                else if (frame.ContentType == EslContentType.CommandReply && asked.TryDequeue(out string? command)
                    && frame.TryGetHeader("Reply-Text"u8, out ReadOnlySpan<byte> reply) && reply.StartsWith("-ERR"u8))
                {
                    End = $"The switch {endpoint} answers '{System.Text.Encoding.UTF8.GetString(reply)}' to '{command}'.";
                    return false;
                }
            }

            if (connection.Error != EslFrameError.None)
            {
                End = $"The switch {endpoint} sent bytes that aren't frames of an event socket ({connection.Error}); they are in the recording.";
                return true;
            }
        }
        while (await connection.ReceiveAsync(cancellationToken));

        End = $"The switch {endpoint} closed the connection.";
        return true;
    }
}
