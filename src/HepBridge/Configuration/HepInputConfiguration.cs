using System.Net;

namespace HepBridge.Configuration;

/// <summary>One object of <c>hep_input</c>.</summary>
internal sealed class HepInputConfiguration : InputConfiguration
{
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 9061);

    /// <summary><c>tcp</c>: whether the port also accepts TCP.</summary>
    public bool Tcp { get; init; } = true;

    /// <summary><c>allowed_senders</c>; empty: everyone.</summary>
    public IReadOnlyList<IPNetwork> AllowedSenders { get; init; } = [];

    public bool ReportSip { get; init; } = true;

    /// <summary><c>fill_addresses</c>: whether to fill in all-zero IPv6 addresses.</summary>
    public bool FillAddresses { get; init; } = true;

    public override string Identity => $"hep {Listen}";

    public override string Description
    {
        get
        {
            string from = AllowedSenders.Count == 0 ? "" : $" from {string.Join(", ", AllowedSenders)}";
            string joined = Reports.Packets.SipCorrelation == SipCorrelation.Joined ? ", legs joined" : "";
            return $"HEP at {Listen} by UDP{(Tcp ? " and TCP" : "")}{from}{joined}";
        }
    }

    public override int EventPaths => 0;
    public override bool ReceivesDatagrams => true;

    /// <summary>Whether the sockets can stay open.</summary>
    public bool IsSameListener(HepInputConfiguration other) => Listen.Equals(other.Listen) && Tcp == other.Tcp;
}
