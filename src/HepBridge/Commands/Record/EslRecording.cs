using System.Globalization;
using System.Net.Sockets;
using System.Text;
using HepBridge.FreeSwitch.Esl;
using HepBridge.Replay;

namespace HepBridge.Commands.Record;

/// <summary>Records the bytes of one connection to a switch.</summary>
internal sealed class EslRecording(EslEndpoint endpoint, EslSubscription subscription, TimeProvider time)
{
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(5);

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

/// <summary>Writes what a switch sends: the raw bytes, and next to them one line per read, <c>{"o": offset, "t": epoch seconds, "n": length}</c>.</summary>
/// <remarks>Both files are new and only readable by their owner (0600): they contain personal data.</remarks>
internal sealed class StreamRecorder : IDisposable
{
    private readonly FileStream _bytes;
    private readonly StreamWriter _reads;
    private readonly TimeProvider _time;

    /// <summary>Creates both files.</summary>
    /// <exception cref="IOException">One of them exists or cannot be created.</exception>
    public StreamRecorder(string path, TimeProvider time)
    {
        _time = time;
        ReadsPath = RecordingTimestamps.PathFor(path);
        _reads = new StreamWriter(ReadsPath, new UTF8Encoding(false), NewFile()) { NewLine = "\n" };
        try
        {
            _bytes = new FileStream(path, NewFile());
        }
        catch (Exception)
        {
            _reads.Dispose();
            File.Delete(ReadsPath);
            throw;
        }
    }

    public string ReadsPath { get; }
    public long Length { get; private set; }

    /// <summary>Writes one read; an empty one marks the end of the stream.</summary>
    public void Write(ReadOnlyMemory<byte> read)
    {
        long microseconds = (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        _reads.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"o\": {Length}, \"t\": {microseconds / 1_000_000}.{microseconds % 1_000_000:000000}, \"n\": {read.Length}{(read.IsEmpty ? ", \"eof\": true" : "")}}}"));
        _bytes.Write(read.Span);
        Length += read.Length;
    }

    /// <summary>A file that must not exist, for its owner only.</summary>
    public static FileStreamOptions NewFile()
    {
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 256 * 1024 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }

    public void Dispose()
    {
        _bytes.Dispose();
        _reads.Dispose();
    }
}
