using System.Text;
using HepBridge.FreeSwitch.Esl;

namespace HepBridge.Checks;

/// <summary>Requests to a switch; once the connection breaks, all further requests go unanswered.</summary>
internal sealed class SwitchSession(EslRequestClient client, string? user, CheckResults results)
{
    /// <summary>What the event socket sends for an empty output (mod_event_socket.c).</summary>
    private const string EmptyOutput = "-ERR no reply";

    /// <summary>Why the connection ended; null while it is up.</summary>
    public EslOutcome? Broken { get; private set; }

    /// <summary>Sends a command; null without a reply.</summary>
    public async Task<EslReply?> AskAsync(string command, CancellationToken cancellationToken)
    {
        if (Broken is not null)
        {
            return null;
        }

        (EslReply? reply, EslOutcome outcome) = await client.AskAsync(command, cancellationToken);
        Broken = reply is null ? outcome : null;
        return reply;
    }

    /// <summary>The output of an <c>api</c> command; null if there is none. Adds a finding if it is refused.</summary>
    public async Task<string?> AskApiAsync(string command, CancellationToken cancellationToken)
    {
        if (await AskAsync($"api {command}", cancellationToken) is not { } reply)
        {
            return null;
        }

        if (reply.Text.StartsWith(EmptyOutput, StringComparison.OrdinalIgnoreCase))
        {
            return "";
        }

        if (!reply.IsError && reply.ContentType == EslContentType.ApiResponse)
        {
            return Encoding.UTF8.GetString(reply.Body.Span).Trim();
        }

        results.Warning($"'api {command}' returned '{reply.Text}', so this was not checked", AdviceFor(reply.Text, command.Split(' ')[0]));
        return null;
    }

    // An unknown command, one that this user must not use, or an error of the command itself.
    private string? AdviceFor(string answer, string verb) =>
        answer.Contains("command not found", StringComparison.OrdinalIgnoreCase) ? $"load the module that has {verb} (mod_commands, mod_dptools, mod_sofia)"
        : answer.Contains("permission denied", StringComparison.OrdinalIgnoreCase) && user is not null ? $"add {verb} to esl-allowed-api of user {user}"
        : null;
}
