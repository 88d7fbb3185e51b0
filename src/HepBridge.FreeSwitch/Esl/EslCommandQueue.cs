using System.Net.Sockets;

namespace HepBridge.FreeSwitch.Esl;

/// <summary>Commands awaiting their replies: the switch replies in order, so the next reply belongs to the oldest.</summary>
internal sealed class EslCommandQueue(EslConnection connection) : IDisposable
{
    private readonly Queue<string> _waiting = new();
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _order = new(1, 1);

    /// <summary>Sends a command and queues it for its reply.</summary>
    /// <exception cref="SocketException">The connection broke.</exception>
    public async ValueTask SendAsync(string command, CancellationToken cancellationToken)
    {
        await _order.WaitAsync(cancellationToken);
        try
        {
            lock (_gate)
            {
                _waiting.Enqueue(command);
            }

            await connection.SendAsync(command, cancellationToken);
        }
        finally
        {
            _order.Release();
        }
    }

    /// <summary>Takes the command that the next reply belongs to; null if the reply is unsolicited.</summary>
    public string? Answered()
    {
        lock (_gate)
        {
            return _waiting.TryDequeue(out string? command) ? command : null;
        }
    }

    public void Dispose() => _order.Dispose();
}

/// <summary>Validates commands and shortens them for messages.</summary>
public static class EslCommand
{
    /// <summary>Whether the text is safe in a command: a line feed would start another one, a NUL ends it for the switch.</summary>
    public static bool IsOneLine(string text) => !text.AsSpan().ContainsAny('\n', '\r', '\0');

    /// <summary>The command as safe to show: logins without their arguments, others shortened to 80 characters.</summary>
    internal static string Redacted(string command)
    {
        if (command.StartsWith("auth ", StringComparison.Ordinal) || command.StartsWith("userauth ", StringComparison.Ordinal))
        {
            return command[..command.IndexOf(' ', StringComparison.Ordinal)];
        }

        return command.Length <= 80 ? command : string.Concat(command.AsSpan(0, 80), "…");
    }
}
