using System.Collections.Frozen;
using System.Text;
using HepBridge.Configuration.Values;
using HepBridge.Masking;

namespace HepBridge.Configuration.Tables;

/// <summary>Section <c>reports</c>: calls, and defaults for all inputs.</summary>
internal static class ReportsSection
{
    public const string Name = "reports";

    public static ValueKey<Correlation> Correlation { get; } = new("correlation",
        EnumValues.Of("a correlation", ("own", Configuration.Correlation.Own), ("aleg", Configuration.Correlation.ALeg), ("both", Configuration.Correlation.Both)), "own",
        "Call-ID of a leg's reports: its `own`, or that of the leg that originated the call (`aleg`); `both` sends each report of a following leg twice, once under each.");

    public static ValueKey<SipCorrelation> SipCorrelation { get; } = new("sip_correlation",
        EnumValues.Of("a correlation of SIP", ("own", Configuration.SipCorrelation.Own), ("joined", Configuration.SipCorrelation.Joined)), "own",
        "Correlation id of the SIP that `hep_input` passes: unchanged (`own`), or the Call-ID of another leg of the same call (`joined`), so that Homer 7 shows both legs as one call. See docs/homer.md.");

    public static ValueKey<string?> CallIdVariable { get; } = new("call_id_variable", TextValues.Variable!, null,
        "Channel variable to take the Call-ID from instead, such as `sip_h_X-CID`.");

    public static ValueKey<bool> CorrelateNonSip { get; } = new("correlate_non_sip", EnumValues.Flag, "false", "Report legs without SIP under their channel's UUID. Default: counted as uncorrelated.");
    public static ValueKey<TimeSpan> HoldTime { get; } = new("hold_time", NumericValues.Duration("0s", "1h"), "120s", "Longest wait of an outbound leg's events for its Call-ID.");
    public static ValueKey<int> HoldPerLeg { get; } = new("hold_per_leg", NumericValues.Number("a number of events", 0, 10_000), "64", "Most events held for one leg.");
    public static ValueKey<int> HoldTotal { get; } = new("hold_total", NumericValues.Number("a number of events", 0, 10_000_000), "100000", "Most events held in total.");
    public static ValueKey<TimeSpan> LegLinger { get; } = new("leg_linger", NumericValues.Duration("0s", "1h"), "10s", "How long an ended leg is kept for late RTCP.");
    public static ValueKey<int> MaxLegs { get; } = new("max_legs", NumericValues.Number("a number of legs", 100, 10_000_000), "200000", "Most legs kept at once; the oldest is dropped first.");
    public static ValueKey<TimeSpan> MaxLegAge { get; } = new("max_leg_age", NumericValues.Duration("1m", "365d"), "24h", "A leg is dropped after this long without an event.");

    public static ValueKey<TimeSpan> MaxClockSkew { get; } = new("max_clock_skew", NumericValues.Duration("0s", "365d"), "12h",
        "An event time further than this from now is replaced by the current time; `0` turns this off.");

    public static ListKey<string> MaskValues { get; } = new("mask_values", TextValues.MaskPattern, [.. ValueMask.DefaultPatterns],
        "Secrets to overwrite with `*` in all text, in reports and on the page: `NAME=*` masks a value after NAME, `NAME=**` the rest of the line, `NAME:*@` a password before an `@`. "
        + "In NAME, `*` matches any characters. `[]` masks nothing. Packets that `hep_input` passes are masked only if you set this key.");

    public static KeyGroup Group { get; } = new(
        "`reports`: calls",
        "Only in `reports`: they apply to the whole process.",
        Correlation, SipCorrelation, CallIdVariable, CorrelateNonSip, HoldTime, HoldPerLeg, HoldTotal, LegLinger, MaxLegs, MaxLegAge, MaxClockSkew, MaskValues);

    public static SectionTable Table { get; } = new(Name, [ReportKeys.Group, ReportFlagKeys.Group, Group], []);

    public static CallOptions MakeCalls(SectionValues reports) => new()
    {
        Correlation = reports.Get(Correlation),
        CallIdVariable = reports.Get(CallIdVariable),
        CorrelateNonSip = reports.Get(CorrelateNonSip),
        HoldTime = reports.Get(HoldTime),
        HoldPerLeg = reports.Get(HoldPerLeg),
        HoldTotal = reports.Get(HoldTotal),
        LegLinger = reports.Get(LegLinger),
        MaxLegs = reports.Get(MaxLegs),
        MaxLegAge = reports.Get(MaxLegAge),
        MaxClockSkew = reports.Get(MaxClockSkew),
    };

    /// <summary>The mask for everything that is sent.</summary>
    public static ValueMask MakeMask(SectionValues reports) => reports.Has(MaskValues) ? ValueMask.Create(reports.Get(MaskValues)) : ValueMask.Default;

    /// <summary>The options of one input: its own keys, else those of <c>reports</c>, else the flavour's, else the defaults.</summary>
    /// <param name="input">The input's object.</param>
    /// <param name="reports">Section <c>reports</c>.</param>
    /// <param name="outputs">The objects of <c>hep_config</c>, for the sender's identity.</param>
    /// <param name="ownPass">The input's own authentication key.</param>
    /// <param name="outputPass">The first authentication key of an output.</param>
    public static ReportOptions MakeReports(SectionValues input, SectionValues reports, IReadOnlyList<SectionValues> outputs, string? ownPass, string? outputPass)
    {
        ReadOnlySpan<SectionValues> layers = [input, reports];
        ReadOnlySpan<SectionValues> identity = [input, .. outputs];
        Flavour flavour = SectionValues.Get(ReportKeys.Flavour, layers);
        return new ReportOptions
        {
            CaptureId = SectionValues.Get(IdentityKeys.HepId, identity),
            AuthKey = Encoding.UTF8.GetBytes(ownPass ?? outputPass ?? ""),
            NodeName = Encoding.UTF8.GetBytes(SectionValues.Get(IdentityKeys.HepNodeName, identity) ?? ""),
            AgentAddress = SectionValues.Get(ReportKeys.AgentAddress, layers),
            CallEvents = SectionValues.Get(ReportFlagKeys.CallEvents, layers),
            RtcpEvents = SectionValues.Get(ReportFlagKeys.RtcpEvents, layers),
            QosEvents = SectionValues.Get(ReportFlagKeys.QosEvents, layers),
            RegistrationEvents = SectionValues.Get(ReportFlagKeys.RegistrationEvents, layers),
            CustomEvents = SectionValues.Get(ReportFlagKeys.CustomEvents, layers),
            LogEvents = SectionValues.Get(ReportFlagKeys.LogEvents, layers),
            PeerEvents = SectionValues.Get(ReportFlagKeys.PeerEvents, layers),
            LogLevel = SectionValues.Get(ReportKeys.LogLevel, layers),
            Dtmf = SectionValues.Get(ReportKeys.Dtmf, layers),
            ExtraCallEvents = SectionValues.Get(ReportKeys.CallEvents, layers).ToFrozenSet(StringComparer.Ordinal),
            CallFormat = SectionValues.Get(ReportKeys.CallFormat, layers),
            CallHeaders = SectionValues.Get(ReportKeys.CallHeaders, layers),
            CallHeadersInText = SectionValues.Get(ReportKeys.CallHeadersInText, layers),
            HideHeaders = SectionValues.Get(ReportKeys.HideHeaders, layers),
            Mask = MakeMask(reports),
            QosTypes = [.. SectionValues.Get(ReportKeys.QosType, [flavour.QosType], layers).Distinct()],
            RtcpLoss = SectionValues.Get(ReportKeys.RtcpLoss, flavour.RtcpLoss, layers),
            RtcpJitter = SectionValues.Get(ReportKeys.RtcpJitter, flavour.RtcpJitter, layers),
            Registrations = SectionValues.Get(ReportKeys.RegistrationReports, layers),
            CustomSubclasses = SectionValues.Get(ReportKeys.CustomSubclasses, layers),
            MaxPacket = (int)SectionValues.Get(ReportKeys.MaxPacket, layers),
            Packets = new PacketOptions
            {
                CaptureId = input.Has(IdentityKeys.HepId) ? input.Get(IdentityKeys.HepId) : 0,
                AuthKey = Encoding.UTF8.GetBytes(ownPass ?? ""),
                NodeName = Encoding.UTF8.GetBytes(input.Get(IdentityKeys.HepNodeName) ?? ""),
                SipCorrelation = SectionValues.Get(SipCorrelation, layers),
                Mask = reports.Has(MaskValues) ? MakeMask(reports) : null,
            },
        };
    }
}
