using System.Text;
using HepBridge.FreeSwitch.Esl;

namespace HepBridge.Checks;

/// <summary>Questions to a switch; when the connection breaks, every further question goes without an answer.</summary>
internal sealed class SwitchSession(EslRequestClient dialogue, string? user, CheckResults results)
{
    /// <summary>What ended the connection; null: it stands.</summary>
    public EslOutcome? Broken { get; private set; }

    /// <summary>Sends a command; null without an answer.</summary>
    public async Task<EslReply?> AskAsync(string command, CancellationToken cancellationToken)
    {
        if (Broken is not null)
        {
            return null;
        }

        (EslReply? reply, EslOutcome outcome) = await dialogue.AskAsync(command, cancellationToken);
        Broken = reply is null ? outcome : null;
        return reply;
    }

    /// <summary>The output of an <c>api</c> command; null if there is none, a refusal being a finding.</summary>
    public async Task<string?> AskApiAsync(string command, CancellationToken cancellationToken)
    {
        if (await AskAsync($"api {command}", cancellationToken) is not { } reply)
        {
            return null;
        }

        if (!reply.IsError && reply.ContentType == EslContentType.ApiResponse)
        {
            return Encoding.UTF8.GetString(reply.Body.Span).Trim();
        }

        string verb = command.Split(' ')[0];
        results.Warning(
            $"'api {command}' is refused ('{reply.Text}'), so this is not checked",
            user is null ? $"load the module that has {verb} (mod_commands, mod_dptools)" : $"add {verb} to esl-allowed-api of user {user}");
        return null;
    }
}
