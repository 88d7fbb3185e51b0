using HepBridge.Configuration;

namespace HepBridge.Checks;

/// <summary>Whether RTCP events can come, and whether the switch captures its SIP: both stand in mod_sofia's configuration.</summary>
internal static class SwitchMedia
{
    public static async Task LookAsync(SwitchSession session, CheckResults results, ReportOptions reports, CancellationToken cancellationToken)
    {
        if (await session.AskApiAsync("xml_locate configuration configuration name sofia.conf", cancellationToken) is not { } xml)
        {
            return;
        }

        if (SofiaSettings.Parse(xml) is not { } sofia)
        {
            results.Warning("the switch doesn't show sofia.conf, so RTCP and capture are not checked", "look at rtcp-audio-interval-msec and sip-capture of the SIP profiles yourself");
            return;
        }

        if (reports.RtcpEvents || reports.QosEvents)
        {
            LookAtProfiles(sofia, results);
            await LookAtSentRtcpAsync(session, results, cancellationToken);
        }

        LookAtCapture(sofia, results);
    }

    private static void LookAtProfiles(SofiaSettings sofia, CheckResults results)
    {
        foreach (SofiaProfile profile in sofia.Profiles)
        {
            if (!profile.HasRtcp)
            {
                results.Warning(
                    $"SIP profile {profile.Name} has no rtcp-audio-interval-msec: no RTCP, so no RTCP reports, for its calls that don't set rtcp_audio_interval_msec themselves",
                    $"add <param name=\"rtcp-audio-interval-msec\" value=\"5000\"/> to the profile, then 'sofia profile {profile.Name} restart'");
            }
            else if (profile.IsPassthru)
            {
                results.Ok($"SIP profile {profile.Name} hands RTCP on (passthru): RECV_RTCP_MESSAGE comes, SEND_RTCP_MESSAGE never does");
            }
            else
            {
                results.Ok($"SIP profile {profile.Name} sends RTCP every {profile.RtcpInterval} ms");
            }
        }
    }

    private static async Task LookAtSentRtcpAsync(SwitchSession session, CheckResults results, CancellationToken cancellationToken)
    {
        // A channel variable, and a channel that lacks one takes the global variable of that name.
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
                "fire_rtcp_events is not set for all calls: without it in the dialplan SEND_RTCP_MESSAGE doesn't come, and quality reports have no loss",
                "add <X-PRE-PROCESS cmd=\"set\" data=\"fire_rtcp_events=true\"/> to vars.xml and restart, or 'global_setvar fire_rtcp_events=true', or export it in the dialplan");
        }
    }

    private static void LookAtCapture(SofiaSettings sofia, CheckResults results)
    {
        string[] profiles = [.. sofia.Profiles.Where(profile => profile.Captures).Select(profile => profile.Name)];
        if (sofia.CaptureServer is { } server && profiles.Length > 0)
        {
            results.Ok($"the switch sends its SIP to {server} (profiles: {string.Join(", ", profiles)})");
            return;
        }

        results.Warning(
            sofia.CaptureServer is null
                ? "the switch doesn't capture its SIP (no capture-server): Homer shows reports beside a call's SIP messages only if something else sends it those"
                : "a capture-server is set, but no SIP profile has sip-capture: the switch sends no SIP",
            "set capture-server in sofia.conf.xml and sip-capture=yes in each profile, or let a capture agent send the SIP");
    }
}
