using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using HepBridge.Configuration;

namespace HepBridge.Checks;

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
