using HepBridge.Configuration;

namespace HepBridge.Checks;

/// <summary>Checks in mod_sofia's configuration whether RTCP events can be fired, and whether the switch captures its SIP (<see cref="SwitchCapture"/>).</summary>
internal static class SwitchMedia
{
    public static async Task LookAsync(SwitchSession session, CheckResults results, ReportOptions reports, IReadOnlyList<HepInputConfiguration> hepInputs, CancellationToken cancellationToken)
    {
        if (await session.AskApiAsync("xml_locate configuration configuration name sofia.conf", cancellationToken) is not { } xml)
        {
            return;
        }

        if (SofiaSettings.Parse(xml) is not { } sofia)
        {
            results.Warning("the switch does not return sofia.conf, so RTCP and capture were not checked", "check rtcp-audio-interval-msec and sip-capture in the SIP profiles yourself");
            return;
        }

        if (reports.RtcpEvents || reports.QosEvents)
        {
            LookAtProfiles(sofia, results);
            await LookAtSentRtcpAsync(session, results, cancellationToken);
        }

        SwitchCapture.Look(sofia, hepInputs, results);
    }

    private static void LookAtProfiles(SofiaSettings sofia, CheckResults results)
    {
        foreach (SofiaProfile profile in sofia.Profiles)
        {
            if (!profile.HasRtcp)
            {
                results.Warning(
                    $"SIP profile {profile.Name} has no rtcp-audio-interval-msec: its calls have no RTCP reports unless they set rtcp_audio_interval_msec",
                    $"add <param name=\"rtcp-audio-interval-msec\" value=\"5000\"/> to the profile, then 'sofia profile {profile.Name} restart'");
            }
            else if (profile.IsPassthru)
            {
                results.Ok($"SIP profile {profile.Name} passes RTCP through (passthru): RECV_RTCP_MESSAGE is fired, SEND_RTCP_MESSAGE never is");
            }
            else
            {
                results.Ok($"SIP profile {profile.Name} sends RTCP every {profile.RtcpInterval} ms");
            }
        }
    }

    private static async Task LookAtSentRtcpAsync(SwitchSession session, CheckResults results, CancellationToken cancellationToken)
    {
        // A channel without this variable uses the global variable of the same name.
        if (await session.AskApiAsync("global_getvar fire_rtcp_events", cancellationToken) is not { } value)
        {
            return;
        }

        if (SofiaProfile.IsTrue(value))
        {
            results.Ok("fire_rtcp_events is set for all calls");
        }
        else
        {
            results.Warning(
                "fire_rtcp_events is not set for all calls: unless the dialplan sets it, SEND_RTCP_MESSAGE is not fired and quality reports have no loss",
                "add <X-PRE-PROCESS cmd=\"set\" data=\"fire_rtcp_events=true\"/> to vars.xml and restart, or 'global_setvar fire_rtcp_events=true', or export it in the dialplan");
        }
    }
}
