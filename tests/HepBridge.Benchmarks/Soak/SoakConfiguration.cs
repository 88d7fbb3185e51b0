using System.Text.Json.Nodes;

namespace HepBridge.Benchmarks.Soak;

/// <summary>The agent's configuration: every report, both kinds of output, and time limits short enough to be reached.</summary>
internal static class SoakConfiguration
{
    public const int HoldTotal = 5_000;

    public static string Make(SoakOptions options, int eslPort, int udpPort, int tcpPort) => new JsonObject
    {
        ["hep_config"] = new JsonArray(
            new JsonObject { ["HEP_SERVER"] = "127.0.0.1", ["HEP_PORT"] = udpPort },
            new JsonObject { ["HEP_SERVER"] = "127.0.0.1", ["HEP_PORT"] = tcpPort, ["HEP_TRANSPORT"] = "tcp" }),
        ["esl_config"] = new JsonObject
        {
            ["ESL_SERVER"] = "127.0.0.1",
            ["ESL_PORT"] = eslPort,
            ["report_call_events"] = true,
            ["report_rtcp_events"] = true,
            ["report_qos_events"] = true,
            ["report_registration_events"] = true,
            ["report_log_events"] = true,
        },
        ["reports"] = new JsonObject
        {
            ["max_legs"] = options.MaxLegs,
            ["max_leg_age"] = $"{SoakOptions.LegAge.TotalSeconds:0}s",
            ["leg_linger"] = options.IsShort ? "1s" : "5s",
            ["hold_time"] = $"{options.HoldTime.TotalSeconds:0}s",
            ["hold_total"] = HoldTotal,
        },
        ["metrics"] = new JsonObject { ["listen"] = "127.0.0.1:0" },
    }.ToJsonString();
}
