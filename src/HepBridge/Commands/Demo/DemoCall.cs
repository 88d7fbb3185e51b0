using System.Text.Json;
using HepBridge.Collector.Payloads;
using HepBridge.Hep;

namespace HepBridge.Commands.Demo;

/// <summary>Packets received for one Call-ID.</summary>
internal sealed class DemoCall(string callId)
{
    private string _progress = "";
    private string _cause = "";
    private string _talked = "";
    private bool _isAnswered;

    public string CallId { get; } = callId;

    /// <summary>Whether it is a call: it has a call log, RTCP or a quality report. Registrations do not count.</summary>
    public bool IsCall { get; private set; }

    public string From { get; private set; } = "";

    public string To { get; private set; } = "";

    /// <summary>The channel's UUID on the switch.</summary>
    public string UniqueId { get; private set; } = "";

    /// <summary>The UUID of the leg that this one was created for; empty if it started a call.</summary>
    public string Originator { get; private set; } = "";

    /// <summary>Number of call logs.</summary>
    public int Events { get; private set; }

    public int SipMessages { get; private set; }

    public int RtcpReports { get; private set; }

    /// <summary>The score in the last quality report; null if there was none.</summary>
    public double? Mos { get; private set; }

    /// <summary>The call's state in a few words: talk time, and the hangup cause if it is not the usual one.</summary>
    public string State => (_isAnswered, _cause) switch
    {
        (_, "") => _progress,
        (false, "NORMAL_CLEARING") => "not answered",
        (false, _) => _cause,
        (true, "NORMAL_CLEARING") => $"answered {_talked}".TrimEnd(),
        _ => $"answered {_talked}, {_cause}",
    };

    public void Add(in HepPacket packet)
    {
        switch (packet.PayloadType)
        {
            case HepPayloadType.Sip:
                SipMessages++;
                break;
            case HepPayloadType.Rtcp:
                IsCall = true;
                RtcpReports++;
                break;
            case HepPayloadType.MosShort or HepPayloadType.MosFull or HepPayloadType.Report:
                IsCall = true;
                Mos = MosOf(packet.Payload) ?? Mos;
                break;
            case HepPayloadType.Log when CallLogLine.TryParse(packet.Payload, out CallLogLine line):
                IsCall = true;
                Add(line);
                break;
        }
    }

    private static double? MosOf(ReadOnlySpan<byte> payload)
    {
        Utf8JsonReader reader = new(payload);
        using JsonDocument report = JsonDocument.ParseValue(ref reader);
        return report.RootElement.TryGetProperty("MOS", out JsonElement mos) ? mos.GetDouble() : null;
    }

    private void Add(CallLogLine line)
    {
        Events++;
        if (Events == 1)
        {
            // Later events may name other parties: a transfer changes the destination.
            (From, To) = (line.From, line.To);
        }

        UniqueId = line.Uuid;
        switch (line.State)
        {
            case "CREATE":
                _progress = "created";
                Originator = line.Details is ["outbound", ..] ? line.Other : "";
                break;
            case "PROGRESS" or "PROGRESS_MEDIA":
                _progress = "ringing";
                break;
            case "ANSWER":
                _progress = "talking";
                _isAnswered = true;
                break;
            case "HANGUP_COMPLETE" or "DESTROY":
                _cause = line.Details.FirstOrDefault("") is { Length: > 0 } cause ? cause : "ended";
                _talked = line.Fields.FirstOrDefault(static field => field.Key == "billsec").Value?.TrimEnd('s') is { Length: > 0 } seconds ? $"{seconds} s" : _talked;
                break;
        }
    }
}
