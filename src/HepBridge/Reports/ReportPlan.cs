using System.Text;
using HepBridge.Configuration;
using HepBridge.FreeSwitch.Events;
using HepBridge.Hep;

namespace HepBridge.Reports;

/// <summary>What <see cref="ReportOptions"/> say, made ready for the hot path: which kinds each report wants, which headers are hidden.</summary>
internal sealed class ReportPlan
{
    private static readonly EventKind[] _callKinds =
    [
        EventKind.ChannelCreate, EventKind.ChannelProgress, EventKind.ChannelProgressMedia, EventKind.ChannelAnswer, EventKind.ChannelBridge,
        EventKind.ChannelUnbridge, EventKind.ChannelHold, EventKind.ChannelUnhold, EventKind.ChannelHangupComplete, EventKind.ChannelDestroy,
        EventKind.Transferor, EventKind.Transferee, EventKind.Replaced,
    ];

    /// <summary>What the leg table learns from, whatever is reported.</summary>
    private static readonly EventKind[] _observedKinds =
    [
        EventKind.ChannelCreate, EventKind.ChannelProgress, EventKind.ChannelProgressMedia, EventKind.ChannelAnswer, EventKind.ChannelBridge,
        EventKind.CallUpdate, EventKind.ChannelHangupComplete, EventKind.ChannelDestroy, EventKind.Heartbeat,
    ];

    private static readonly EventKind[] _registrationKinds =
        [EventKind.Register, EventKind.Unregister, EventKind.RegisterExpire, EventKind.RegisterFailure, EventKind.PresenceIn];

    private const int NoticeLevel = 5;

    private static readonly string[] _idGlobs = ["*call?id", "*uuid", "*unique-id", "variable_originator", "variable_signal_bond", "variable_last_bridge_to", "*-cid"];

    private static readonly bool[] _isId = [.. Enumerable.Range(0, KnownHeaders.Count).Select(header => IsId(KnownHeaders.NameOf((KnownHeader)header)))];

    private readonly bool[] _call = new bool[Enum.GetValues<EventKind>().Length];
    private readonly byte[][] _extraNames;
    private readonly byte[][] _customSubclasses;
    private readonly bool[] _hidden;
    private readonly string[] _hideGlobs;

    public ReportPlan(ReportOptions options)
    {
        Options = options;
        if (options.CallEvents)
        {
            foreach (EventKind kind in _callKinds)
            {
                _call[(int)kind] = true;
            }

            _call[(int)EventKind.Dtmf] = options.Dtmf != DtmfReports.None;
        }

        var extra = new List<byte[]>();
        foreach (string name in options.CallEvents ? options.ExtraCallEvents : [])
        {
            EventKind kind = EventKinds.FromName(Encoding.UTF8.GetBytes(name));
            if (kind is EventKind.Other)
            {
                extra.Add(Encoding.UTF8.GetBytes(name));
            }
            else if (kind is not (EventKind.Dtmf or EventKind.Heartbeat or EventKind.Custom))
            {
                _call[(int)kind] = true;
            }
        }

        _extraNames = [.. extra];
        _customSubclasses = options.CustomEvents ? [.. options.CustomSubclasses.Select(Encoding.UTF8.GetBytes)] : [];
        _hideGlobs = [.. options.HideHeaders];
        QosTypes = [.. options.QosTypes];
        _hidden = new bool[KnownHeaders.Count];
        for (int i = 1; i < _hidden.Length; i++)
        {
            _hidden[i] = Hides(KnownHeaders.NameOf((KnownHeader)i));
        }
    }

    public ReportOptions Options { get; }

    /// <summary>
    /// The level of the switch's log to ask for: that of the log report, and NOTICE where media addresses are reported, since a browser's address
    /// behind NAT stands only there. Null: no log.
    /// </summary>
    public int? LogLevel =>
        Options.RtcpEvents || Options.QosEvents ? Math.Max(NoticeLevel, Options.LogEvents ? Options.LogLevel : 0)
        : Options.LogEvents ? Options.LogLevel
        : null;

    /// <summary><c>qos_type</c> as an array: a list's enumerator would be allocated for each report.</summary>
    public HepPayloadType[] QosTypes { get; }

    /// <summary>Whether the call report wants an event.</summary>
    public bool WantsCall(scoped in FreeSwitchEvent e) => _call[(int)e.Kind] || (e.Kind == EventKind.Other && IsExtra(e.Name));

    /// <summary>Whether the custom report wants an event.</summary>
    public bool WantsCustom(scoped in FreeSwitchEvent e)
    {
        if (_customSubclasses.Length == 0 || e.Kind is EventKind.Other or < EventKind.Custom or EventKind.Log)
        {
            return false;
        }

        HeaderValue subclass = e.Get(KnownHeader.EventSubclass);
        foreach (byte[] wanted in _customSubclasses)
        {
            if (subclass.Is(wanted))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the registration report wants an event.</summary>
    public bool WantsRegistration(EventKind kind) => Options.RegistrationEvents && Array.IndexOf(_registrationKinds, kind) >= 0;

    /// <summary>Whether a known header's value identifies a call, a channel or the like.</summary>
    public static bool IsId(KnownHeader header) => _isId[(int)header];

    /// <summary>Whether a header's value identifies a call, a channel or the like.</summary>
    public static bool IsId(ReadOnlySpan<byte> name)
    {
        foreach (string glob in _idGlobs)
        {
            if (Glob.Matches(glob, name))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a known header never appears in JSON.</summary>
    public bool Hides(KnownHeader header) => _hidden[(int)header];

    /// <summary>Whether a header never appears in JSON. A channel variable is meant by its own name as well as by its header's.</summary>
    public bool Hides(ReadOnlySpan<byte> name)
    {
        ReadOnlySpan<byte> variable = name.StartsWith("variable_"u8) ? name["variable_"u8.Length..] : name;
        foreach (string glob in _hideGlobs)
        {
            if (Glob.Matches(glob, name) || Glob.Matches(glob, variable))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The event names and CUSTOM subclasses that a switch is asked for: what the leg table needs and what the reports want.</summary>
    public (IReadOnlyList<string> Names, IReadOnlyList<string> Subclasses) Subscription()
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        var subclasses = new SortedSet<string>(StringComparer.Ordinal);
        foreach (EventKind kind in _observedKinds)
        {
            names.Add(EventKinds.NameOf(kind)!);
        }

        foreach (EventKind kind in Enum.GetValues<EventKind>())
        {
            if (_call[(int)kind] || WantsRegistration(kind))
            {
                if (EventKinds.SubclassOf(kind) is { } subclass)
                {
                    subclasses.Add(subclass);
                }
                else
                {
                    names.Add(EventKinds.NameOf(kind)!);
                }
            }
        }

        if (Options.RtcpEvents)
        {
            names.Add(EventKinds.NameOf(EventKind.RecvRtcp)!);
        }

        // Quality reports take loss and jitter from the blocks that the switch itself sends.
        if (Options.RtcpEvents || Options.QosEvents)
        {
            names.Add(EventKinds.NameOf(EventKind.SendRtcp)!);
        }

        // A failure's event carries no Call-ID: the attempt before it does.
        if (Options.RegistrationEvents)
        {
            subclasses.Add(EventKinds.SubclassOf(EventKind.RegisterAttempt)!);
        }

        names.UnionWith(_extraNames.Select(Encoding.UTF8.GetString));
        subclasses.UnionWith(_customSubclasses.Select(Encoding.UTF8.GetString));

        // A hub that fires other switches' events again: they are unwrapped and taken for what they are.
        subclasses.Add("multicast::event");
        return ([.. names], [.. subclasses]);
    }

    private bool IsExtra(ReadOnlySpan<byte> name)
    {
        foreach (byte[] extra in _extraNames)
        {
            if (name.SequenceEqual(extra))
            {
                return true;
            }
        }

        return false;
    }
}
