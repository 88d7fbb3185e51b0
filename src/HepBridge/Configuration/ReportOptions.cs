using System.Collections.Frozen;
using HepBridge.Hep;
using HepBridge.Masking;

namespace HepBridge.Configuration;

/// <summary>How DTMF digits are shown (<c>report_dtmf</c>).</summary>
internal enum DtmfReports
{
    Full,

    /// <summary>A <c>*</c> for each digit.</summary>
    Masked,
    None,
}

/// <summary>Format of call logs (<c>call_format</c>).</summary>
internal enum CallFormat
{
    Text,
    Json,
}

/// <summary>What <c>packets_lost</c> of an RTCP report counts (<c>rtcp_loss</c>).</summary>
internal enum RtcpLoss
{
    /// <summary>Since the stream began, as on the wire.</summary>
    Cumulative,

    /// <summary>Since the stream's previous report.</summary>
    Delta,
}

/// <summary>The unit of <c>ia_jitter</c> of an RTCP report (<c>rtcp_jitter</c>).</summary>
internal enum RtcpJitter
{
    /// <summary>RTP timestamp units, as on the wire.</summary>
    Raw,
    Milliseconds,
}

/// <summary>Which registrations are reported (<c>registration_reports</c>).</summary>
internal enum RegistrationReports
{
    All,

    /// <summary>Only changes of a user's contact, node or state.</summary>
    Changes,
}

/// <summary>Whose Call-ID the SIP packets of a leg carry as correlation id (<c>sip_correlation</c>).</summary>
internal enum SipCorrelation
{
    Own,

    /// <summary>That of a leg of the same call, so that Homer finds both from either.</summary>
    Joined,
}

/// <summary>What is changed in the HEP packets that an input passes on. Nothing by default: the bytes stay as they are.</summary>
internal sealed record PacketOptions
{
    /// <summary>The input's own <c>HEP_ID</c>; 0: unchanged.</summary>
    public uint CaptureId { get; init; }

    /// <summary>The input's own <c>HEP_PASS</c>; empty: unchanged. A secret.</summary>
    public byte[] AuthKey { get; init; } = [];

    /// <summary>The input's own <c>HEP_NODE_NAME</c>; empty: unchanged.</summary>
    public byte[] NodeName { get; init; } = [];

    public SipCorrelation SipCorrelation { get; init; }

    /// <summary><c>mask_values</c>, if the user set it; null: payloads stay as they are.</summary>
    public ValueMask? Mask { get; init; }
}

/// <summary>What one input reports: its own <c>report_*</c> flags and sender keys, with the defaults of section <c>reports</c>.</summary>
internal sealed class ReportOptions
{
    /// <summary><c>HEP_ID</c>, chunk 0x000c: the input's own, else that of the first <c>hep_config</c> object that has one.</summary>
    public uint CaptureId { get; init; } = 2001;

    /// <summary><c>HEP_PASS</c> in UTF-8, chunk 0x000e; no chunk if empty. A secret.</summary>
    public byte[] AuthKey { get; init; } = [];

    /// <summary><c>HEP_NODE_NAME</c> in UTF-8, chunk 0x0013; no chunk if empty.</summary>
    public byte[] NodeName { get; init; } = [];

    /// <summary><c>agent_address</c>: source and destination of log lines; null for the leg's signaling address, or else the switch's.</summary>
    public HepAddress? AgentAddress { get; init; }

    public bool CallEvents { get; init; } = true;
    public bool RtcpEvents { get; init; } = true;
    public bool QosEvents { get; init; } = true;
    public bool RegistrationEvents { get; init; }
    public bool CustomEvents { get; init; }
    public bool LogEvents { get; init; }

    /// <summary><c>report_peer_events</c> (multicast).</summary>
    public bool PeerEvents { get; init; }

    /// <summary><c>report_log_level</c> in FreeSWITCH's numbers: 0 console, 1 alert, 2 crit, 3 err, 4 warning, 5 notice, 6 info, 7 debug.</summary>
    public int LogLevel { get; init; } = 5;

    public DtmfReports Dtmf { get; init; } = DtmfReports.Full;

    /// <summary><c>call_events</c>: events to report in addition to the default ones.</summary>
    public FrozenSet<string> ExtraCallEvents { get; init; } = FrozenSet<string>.Empty;

    public CallFormat CallFormat { get; init; } = CallFormat.Text;

    /// <summary><c>call_headers</c>: globs over header and channel variable names to add to call logs, ignoring case.</summary>
    public IReadOnlyList<string> CallHeaders { get; init; } = [];

    /// <summary><c>call_headers_in_text</c>: whether to add them to text lines, too.</summary>
    public bool CallHeadersInText { get; init; }

    /// <summary><c>hide_headers</c>: globs over header names, ignoring case; matching headers are never sent.</summary>
    public IReadOnlyList<string> HideHeaders { get; init; } = DefaultHideHeaders;

    /// <summary><c>mask_values</c>: secrets overwritten with asterisks in all text.</summary>
    public ValueMask Mask { get; init; } = ValueMask.Default;

    /// <summary><c>qos_type</c>: one packet for each.</summary>
    public IReadOnlyList<HepPayloadType> QosTypes { get; init; } = [HepPayloadType.MosShort];

    public RtcpLoss RtcpLoss { get; init; } = RtcpLoss.Cumulative;
    public RtcpJitter RtcpJitter { get; init; } = RtcpJitter.Raw;
    public RegistrationReports Registrations { get; init; } = RegistrationReports.All;
    public IReadOnlyList<string> CustomSubclasses { get; init; } = DefaultCustomSubclasses;

    /// <summary><c>max_packet</c>: largest HEP packet in bytes, on every transport.</summary>
    public int MaxPacket { get; init; } = 65_000;

    /// <summary>What is changed in whole packets that the input passes on.</summary>
    public PacketOptions Packets { get; init; } = new();

    public static IReadOnlyList<string> DefaultHideHeaders { get; } =
        ["*password*", "*passwd*", "*secret*", "*token*", "*pin*", "*authorization*", "digits_dialed"];

    /// <summary>The default of <c>custom_subclasses</c>: those that the stock modules fire about a channel.</summary>
    public static IReadOnlyList<string> DefaultCustomSubclasses { get; } =
    [
        "conference::maintenance", "callcenter::info", "fifo::info", "valet_parking::info", "sofia::reinvite", "sofia::intercepted",
        "spandsp::txfaxresult", "spandsp::rxfaxresult", "spandsp::txfaxnegociateresult", "spandsp::rxfaxnegociateresult",
        "spandsp::rxfaxpageresult", "spandsp::txfaxpageresult", "avmd::beep", "avmd::start", "avmd::stop", "vm::maintenance",
        "amd::info", "mod_dptools::info",
    ];
}
