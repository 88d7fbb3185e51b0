using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
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

/// <summary>Checks whether the switch captures its SIP, and whether it sends it to <c>hep_input</c> where there is one.</summary>
internal static class SwitchCapture
{
    private const string Reload = "then 'reload mod_sofia' (it ends the calls) or restart the switch";

    public static void Look(SofiaSettings sofia, IReadOnlyList<HepInputConfiguration> hepInputs, CheckResults results)
    {
        string[] profiles = [.. sofia.Profiles.Where(profile => profile.Captures).Select(profile => profile.Name)];
        string wanted = hepInputs.Count == 0 ? "" : $"udp:{hepInputs[0].Listen};hep=3;capture_id=100";
        if (sofia.CaptureServer is not { } server || profiles.Length == 0)
        {
            results.Warning(
                sofia.CaptureServer is null
                    ? "the switch does not capture its SIP (no capture-server): Homer shows reports with a call's SIP only if something else sends that SIP"
                    : "a capture-server is set, but no SIP profile has sip-capture: the switch sends no SIP",
                hepInputs.Count == 0
                    ? "set capture-server in sofia.conf.xml and sip-capture=yes in each profile, or let a capture agent send the SIP"
                    : $"set capture-server to {wanted} in sofia.conf.xml and sip-capture=yes in each profile, {Reload}");
            return;
        }

        string from = $"(profiles: {string.Join(", ", profiles)})";
        if (hepInputs.Count == 0)
        {
            results.Ok($"the switch sends its SIP to {server} {from}");
        }
        else if (hepInputs.FirstOrDefault(input => IsAt(server, input.Listen)) is not { } input)
        {
            results.Warning(
                $"the switch sends its SIP to {server}, past hep_input {hepInputs[0].Listen}: its legs are not joined, and outages lose it",
                $"set capture-server to {wanted} in sofia.conf.xml, {Reload}");
        }
        else if (!server.Contains("hep=3", StringComparison.OrdinalIgnoreCase))
        {
            results.Warning($"the switch sends its SIP to hep_input {input.Listen} as an old version of HEP, which is rejected", $"set capture-server to {wanted}, {Reload}");
        }
        else
        {
            results.Ok($"the switch sends its SIP to hep_input {input.Listen} {from}");
        }
    }

    // "udp:127.0.0.1:9061;hep=3;capture_id=100"
    private static bool IsAt(string captureServer, IPEndPoint listen)
    {
        string place = captureServer.Split(';')[0];
        place = place.StartsWith("udp:", StringComparison.OrdinalIgnoreCase) ? place[4..] : place;
        int colon = place.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(place[(colon + 1)..], out int port) || port != listen.Port)
        {
            return false;
        }

        IPAddress[] addresses = AddressesOf(place[..colon].Trim('[', ']'));
        return addresses.Any(address => address.Equals(listen.Address) || (IsAny(listen.Address) && IsOwn(address)));
    }

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    private static bool IsOwn(IPAddress address) =>
        IPAddress.IsLoopback(address)
        || NetworkInterface.GetAllNetworkInterfaces().SelectMany(link => link.GetIPProperties().UnicastAddresses).Any(own => own.Address.Equals(address));

    private static IPAddress[] AddressesOf(string host)
    {
        try
        {
            return IPAddress.TryParse(host, out IPAddress? address) ? [address] : Dns.GetHostAddresses(host);
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            // A name that this host does not know is not this host.
            return [];
        }
    }
}
