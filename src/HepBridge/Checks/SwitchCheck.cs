using System.Text;
using System.Text.RegularExpressions;
using HepBridge.Configuration;
using HepBridge.FreeSwitch.Esl;
using HepBridge.Reports;

namespace HepBridge.Checks;

/// <summary>Logs in to a switch's event socket, queries its version and settings, subscribes, and waits for an event.</summary>
internal sealed class SwitchCheck(EslInputConfiguration input, CallOptions calls, TimeProvider time, TimeSpan patience, TimeSpan timeout) : ICheck
{
    private readonly EslEndpoint _endpoint = new(input.Server, input.Port, input.User, input.Password);

    /// <summary>Where the switch's SIP should go, if anywhere.</summary>
    public IReadOnlyList<HepInputConfiguration> HepInputs { get; init; } = [];

    public string Subject => $"switch {_endpoint}";

    public async Task RunAsync(CheckResults results, CancellationToken cancellationToken)
    {
        if (!await NameCheck.RunAsync(input.Server, "ESL_SERVER", results, timeout, time, cancellationToken))
        {
            return;
        }

        (EslConnection? connection, EslOutcome outcome) = await EslConnector.OpenAsync(_endpoint, timeout, time, cancellationToken);
        if (connection is null)
        {
            results.Error(outcome);
            return;
        }

        using (connection)
        {
            results.Ok(input.User is null ? "connected, password accepted" : $"connected, user {input.User} and password accepted");
            SwitchSession session = new(new EslRequestClient(connection, _endpoint, timeout, time), input.User, results);
            await LookAsync(session, connection, results, cancellationToken);
            if (session.Broken is { } broken)
            {
                results.Error(broken);
            }
        }
    }

    private async Task LookAsync(SwitchSession session, EslConnection connection, CheckResults results, CancellationToken cancellationToken)
    {
        await SwitchVersion.LookAsync(session, results, cancellationToken);
        await SwitchClock.LookAsync(session, results, time, calls.MaxClockSkew, cancellationToken);
        await SwitchMedia.LookAsync(session, results, input.Reports, HepInputs, cancellationToken);
        SwitchEvents events = new(session, connection, results, time, patience);
        if (await events.SubscribeAsync(new ReportPlan(input.Reports), input, cancellationToken) && session.Broken is null)
        {
            await events.WaitAsync(cancellationToken);
        }
    }
}

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

/// <summary>Checks the switch's version for features that older ones lack.</summary>
internal static partial class SwitchVersion
{
    /// <summary>The first version that fires SEND_RTCP_MESSAGE.</summary>
    private static readonly Version _sendsRtcp = new(1, 10, 7);

    public static async Task LookAsync(SwitchSession session, CheckResults results, CancellationToken cancellationToken)
    {
        if (await session.AskApiAsync("version", cancellationToken) is not { } answer)
        {
            return;
        }

        string line = answer.Split('\n')[0];
        if (line.Length == 0)
        {
            results.Warning("'api version' returned no version, so it was not checked", null);
            return;
        }

        if (Number().Match(line) is { Success: true } number && Version.Parse(number.Value) < _sendsRtcp)
        {
            results.Warning($"{line}: it may not fire SEND_RTCP_MESSAGE, from which quality reports take loss and jitter", $"update FreeSWITCH to {_sendsRtcp} or later");
            return;
        }

        results.Ok(line);
    }

    [GeneratedRegex(@"\d{1,4}\.\d{1,4}\.\d{1,4}")]
    private static partial Regex Number();
}
