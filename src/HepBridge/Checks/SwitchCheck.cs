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
