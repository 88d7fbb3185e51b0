namespace HepBridge.FreeSwitch.Esl;

/// <summary>A reply to the client, copied out of the receive buffer.</summary>
/// <param name="ContentType">Its kind; null if the stream ended or is unreadable.</param>
/// <param name="Text">The first line of <c>Reply-Text</c> or of the body, cleaned for a message.</param>
/// <param name="Body">The body.</param>
public sealed record EslReply(EslContentType? ContentType, string Text, ReadOnlyMemory<byte> Body)
{
    public bool IsError => Text.StartsWith("-ERR", StringComparison.OrdinalIgnoreCase) || Text.StartsWith("-USAGE", StringComparison.OrdinalIgnoreCase);

    /// <summary>The output of an API command that came another way than by event socket.</summary>
    public static EslReply OfApi(ReadOnlyMemory<byte> output) => new(EslContentType.ApiResponse, EslMessages.Clean(output.Span), output);

    internal static EslReply From(in EslFrame frame, bool withBody = true)
    {
        string text = frame.TryGetHeader("Reply-Text"u8, out ReadOnlySpan<byte> value) ? EslMessages.Clean(value) : EslMessages.Clean(frame.Body);
        return new EslReply(frame.ContentType, text, withBody ? frame.Body.ToArray() : []);
    }

    /// <summary>Receives until a frame is neither an event nor a log line; those are dropped.</summary>
    internal static async Task<EslReply> ReceiveAsync(EslConnection connection, CancellationToken cancellationToken)
    {
        while (true)
        {
            while (connection.TryReadFrame(out EslFrame frame))
            {
                if (!frame.IsEventOrLog)
                {
                    return From(frame);
                }
            }

            if (connection.Error != EslFrameError.None || !await connection.ReceiveAsync(cancellationToken))
            {
                return new EslReply(null, "", default);
            }
        }
    }
}
