using System.Globalization;
using System.Net.Sockets;
using System.Text;
using HepBridge.Configuration;
using HepBridge.FreeSwitch.Esl;
using HepBridge.FreeSwitch.Events;
using HepBridge.Reports;

namespace HepBridge.Checks;

/// <summary>
/// Subscribes to one name at a time, because a single reply to many does not show which were refused or unknown; then
/// waits for an event.
/// </summary>
internal sealed class SwitchEvents(SwitchSession session, EslConnection connection, CheckResults results, TimeProvider time, TimeSpan patience)
{
    private readonly EventParser _parser = new();

    /// <summary>Subscribes to everything the reports need; true if events can arrive.</summary>
    public async Task<bool> SubscribeAsync(ReportPlan plan, EslInputConfiguration input, CancellationToken cancellationToken)
    {
        string verb = input.Format == EslEventFormat.Json ? "event json" : "event plain";
        string permission = input.User is null ? "see the switch's reply" : $"add it to esl-allowed-events of user {input.User}";
        (IReadOnlyList<string> names, IReadOnlyList<string> subclasses) = plan.Subscription();
        int accepted = 0;
        foreach (string name in names.Concat(subclasses.Select(subclass => $"CUSTOM {subclass}")))
        {
            if (await session.AskAsync($"{verb} {name}", cancellationToken) is not { } reply)
            {
                return false;
            }

            if (!reply.IsError)
            {
                accepted++;
            }
            else if (reply.Text.Contains("no keywords", StringComparison.OrdinalIgnoreCase))
            {
                results.Warning($"this version does not know {name}", "update FreeSWITCH; reports made from this event will be missing");
            }
            else
            {
                results.Error($"the switch refuses {name} ('{reply.Text}') and thereby the whole subscription", permission);
            }
        }

        if (accepted > 0)
        {
            int requested = names.Count + subclasses.Count;
            results.Ok($"grants {(accepted == requested ? "all" : $"{accepted} of")} {requested} events and subclasses requested");
        }

        if (plan.LogLevel is int level && await session.AskAsync($"log {level}", cancellationToken) is { IsError: true } refused)
        {
            results.Warning($"the switch refuses its log lines ('{refused.Text}')", input.User is null ? null : $"set esl-allowed-log of user {input.User} to true");
        }

        return accepted > 0;
    }

    /// <summary>Waits for any event; an idle switch still sends HEARTBEATs.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(patience, time);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            string? seen;
            while ((seen = NextEvent()) is null)
            {
                if (connection.Error != EslFrameError.None || !await connection.ReceiveAsync(both.Token))
                {
                    results.Error("the switch closed the connection before an event arrived", null);
                    return;
                }
            }

            results.Ok($"events arrive: {seen}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            results.Warning(
                string.Create(CultureInfo.InvariantCulture, $"no event arrived in {patience.TotalSeconds:0.#} s"),
                "a switch sends a HEARTBEAT every 20 s unless event-heartbeat-interval in switch.conf.xml differs: use a larger --seconds");
        }
        catch (SocketException e)
        {
            results.Error($"the connection broke before an event arrived ({e.Message})", null);
        }
    }

    // Skips log lines and late replies.
    private string? NextEvent()
    {
        while (connection.TryReadFrame(out EslFrame frame))
        {
            if (frame.ContentType is EslContentType.EventPlain or EslContentType.EventJson)
            {
                EventEncoding encoding = frame.ContentType == EslContentType.EventJson ? EventEncoding.Json : EventEncoding.Plain;
                if (_parser.TryParse(frame.Body, encoding, out FreeSwitchEvent e, out _))
                {
                    return Encoding.UTF8.GetString(e.Name);
                }
            }
        }

        return null;
    }
}
