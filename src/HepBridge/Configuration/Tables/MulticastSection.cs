using System.Net;
using System.Text;
using HepBridge.Configuration.Values;
using HepBridge.FreeSwitch.Multicast;

namespace HepBridge.Configuration.Tables;

/// <summary>Section <c>multicast_config</c>: multicast groups.</summary>
internal static class MulticastSection
{
    public const string Name = "multicast_config";

    public static ListKey<IPAddress> Addresses { get; } = new("MULTICAST_ADDRESS", Address.Ip, ["225.1.1.1"],
        "Multicast group, or a list of groups, IPv4 or IPv6. An address of this host instead receives unicast.")
    { IsRequired = true };

    public static ValueKey<int> Port { get; } = new("MULTICAST_PORT", NumericValues.Port, "4242", "Port the switches send to.");

    public static ValueKey<string?> Interface { get; } = new("MULTICAST_INTERFACE", TextValues.Interface!, null,
        "Interface to join on, by name or address. Default: chosen by the system.");

    public static ValueKey<string?> Psk { get; } = new("MULTICAST_PSK",
        new("a psk", "write 1 to 72 bytes, the same as psk in event_multicast.conf.xml", (string text, out string? value) =>
        {
            value = text;
            return PskCipher.Accepts(Encoding.UTF8.GetBytes(text));
        }),
        null,
        "The switches' `psk`. With it, unencrypted packets are rejected; without it, encrypted ones.")
    { IsSecret = true };

    public static ListKey<IPNetwork> AllowedSenders { get; } = new("allowed_senders", Address.Network, [],
        "Networks and addresses of the switches to accept. Empty accepts all.");

    public static ValueKey<TimeSpan> PeerTimeout { get; } = new("peer_timeout", NumericValues.Duration("1s", "1d"), "60s",
        "A switch is down after this long without a HEARTBEAT.");

    public static KeyGroup Group { get; } = new(
        "`multicast_config`: mod_event_multicast",
        "One object, or a list with one object per group.",
        Addresses, Port, Interface, Psk, AllowedSenders, PeerTimeout);

    public static InputSection Section { get; } = new(Name, Group, InputSection.Events, Make);

    private static MulticastInputConfiguration Make(SectionValues values, ReportOptions reports, ConfigurationDiagnostics diagnostics)
    {
        if (values.Has(ReportFlagKeys.LogEvents) && values.Get(ReportFlagKeys.LogEvents))
        {
            diagnostics.Warning(values.PathOf(ReportFlagKeys.LogEvents), "mod_event_multicast never sends log lines", "set it in esl_config");
        }

        if (values.Get(Addresses).GroupBy(address => address).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            diagnostics.Error(values.PathOf(Addresses), $"{twice.Key} is listed twice", "list each address once");
        }

        return new MulticastInputConfiguration
        {
            Addresses = values.Get(Addresses),
            Port = values.Get(Port),
            Interface = values.Get(Interface),
            Psk = values.Get(Psk),
            AllowedSenders = values.Get(AllowedSenders),
            PeerTimeout = values.Get(PeerTimeout),
            Reports = reports,
        };
    }
}
