using System.Text;

namespace HepBridge.Configuration;

/// <summary>Describes a configuration at startup: inputs, reports and outputs. Contains no secrets.</summary>
internal static class ConfigurationSummary
{
    /// <summary>The lines, inputs first.</summary>
    public static IReadOnlyList<string> Lines(AgentConfiguration configuration)
    {
        List<string> lines = [.. configuration.Inputs.Select(input => $"reads {input.Description}: {(input.EventPaths > 0 ? Reports(input.Reports) : Sender(input.Reports))}")];
        lines.Add($"reports each leg under {Describe(configuration.Calls)}");
        lines.AddRange(configuration.Outputs.Select(output => $"sends {Describe(output)}"));
        if (configuration.Metrics.Listen is { } metrics)
        {
            lines.Add($"serves metrics and health at http://{metrics}/metrics and /health");
        }

        if (configuration.Web.Listen is { } web)
        {
            lines.Add($"serves the page at http://{web}/{(configuration.Web.Token is null ? "" : ", with a token")}");
        }

        return lines;
    }

    private static string Reports(ReportOptions reports)
    {
        (bool IsOn, string Name)[] kinds =
        [
            (reports.CallEvents, reports.CallFormat == CallFormat.Json ? "calls as JSON" : "calls"),
            (reports.RtcpEvents, $"RTCP ({Word(reports.RtcpLoss)} loss, jitter {(reports.RtcpJitter == RtcpJitter.Raw ? "raw" : "in ms")})"),
            (reports.QosEvents, $"QoS (type {string.Join(" and ", reports.QosTypes.Select(type => (int)type))})"),
            (reports.RegistrationEvents, reports.Registrations == RegistrationReports.Changes ? "registration changes" : "registrations"),
            (reports.CustomEvents, $"custom events ({reports.CustomSubclasses.Count} subclasses)"),
            (reports.LogEvents, "log lines"),
            (reports.PeerEvents, "peers"),
        ];
        string what = string.Join(", ", kinds.Where(kind => kind.IsOn).Select(kind => kind.Name));
        return $"{(what.Length == 0 ? "nothing (all reports are off)" : what)}; {Sender(reports)}";
    }

    private static string Sender(ReportOptions reports)
    {
        string node = reports.NodeName.Length == 0 ? "" : $", node {Encoding.UTF8.GetString(reports.NodeName)}";
        return $"capture id {reports.CaptureId}{node}";
    }

    private static string Describe(CallOptions calls)
    {
        string source = calls.CallIdVariable is null ? "" : $", from {calls.CallIdVariable} if set";
        string others = calls.CorrelateNonSip ? "; other legs under their UUID" : "";
        return (calls.Correlation switch { Correlation.ALeg => "its originator's Call-ID", Correlation.Both => "its own and its originator's Call-ID", _ => "its own Call-ID" }) + source + others;
    }

    private static string Describe(HepOutputConfiguration output)
    {
        string servers = output.Servers.Count == 1
            ? output.Servers[0].ToString()
            : $"{string.Join(", ", output.Servers)} ({(output.Mode == HepServerMode.Hash ? "each call to one of them" : "the first healthy one")})";
        string verify = output.Transport == HepTransport.Tls && !output.Tls.Verify ? ", certificate NOT verified" : "";
        string spool = output.Spool is null ? "" : $", spool {output.Spool.Path}";
        return $"to {servers} by {Word(output.Transport).ToUpperInvariant()}{verify}{spool}";
    }

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
