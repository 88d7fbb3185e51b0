using System.Numerics;
using System.Text;
using HepBridge.Calls;
using HepBridge.Configuration;
using HepBridge.FreeSwitch.Events;
using HepBridge.Hep;
using HepBridge.Masking;

namespace HepBridge.Reports;

/// <summary><see cref="ReportOptions"/> prepared for the hot path: which reports use an event, and which headers are hidden.</summary>
internal sealed class ReportPlan
{
    private const int NoticeLevel = 5;

    private static readonly Glob[] _idGlobs =
        [new("*call?id"), new("*uuid"), new("*unique-id"), new("variable_originator"), new("variable_signal_bond"), new("variable_last_bridge_to"), new("*-cid")];

    private static readonly bool[] _isId = [.. Enumerable.Range(0, KnownHeaders.Count).Select(header => IsId(KnownHeaders.NameOf((KnownHeader)header)))];

    // One bit for each of ReportKind.All.
    private readonly uint[] _byKind = new uint[Enum.GetValues<EventKind>().Length];
    private readonly (byte[] Text, uint Reports)[] _names;
    private readonly (byte[] Text, uint Reports)[] _subclasses;
    private readonly EventCondition?[] _conditions = new EventCondition?[ReportKind.All.Count];
    private readonly uint _conditional;
    private readonly EventSelection[] _selections;
    private readonly bool[] _hidden;
    private readonly Glob[] _hideGlobs;
    private readonly Glob[] _callHeaderGlobs;

    public ReportPlan(ReportOptions options)
    {
        Options = options;
        _selections = [.. ReportKind.All.Select(kind => kind.Select(options))];
        for (int i = 0; i < _selections.Length; i++)
        {
            foreach (EventKind kind in _selections[i].Kinds)
            {
                _byKind[(int)kind] |= 1u << i;
            }

            _conditions[i] = _selections[i].Condition;
            _conditional |= _conditions[i] is null ? 0 : 1u << i;
        }

        _names = Texts(selection => selection.Names);
        _subclasses = Texts(selection => selection.Subclasses);
        _hideGlobs = [.. options.HideHeaders.Select(pattern => new Glob(pattern))];
        _callHeaderGlobs = options.CallEvents && (options.CallFormat == CallFormat.Json || options.CallHeadersInText) ? [.. options.CallHeaders.Select(pattern => new Glob(pattern))] : [];
        QosTypes = [.. options.QosTypes];
        _hidden = [.. Enumerable.Range(0, KnownHeaders.Count).Select(header => Hides(KnownHeaders.NameOf((KnownHeader)header)))];
    }

    public ReportOptions Options { get; }

    /// <summary>
    /// The switch's log level to request: that of the log report, or NOTICE if media addresses are reported, since a
    /// browser's address behind NAT appears only in the log. Null: no log.
    /// </summary>
    public int? LogLevel =>
        Options.RtcpEvents || Options.QosEvents ? Math.Max(NoticeLevel, Options.LogEvents ? Options.LogLevel : 0)
        : Options.LogEvents ? Options.LogLevel
        : null;

    /// <summary><c>qos_type</c> as an array: enumerating a list would allocate for each report.</summary>
    public HepPayloadType[] QosTypes { get; }

    /// <summary>The reports that make packets from an event: a bit for each of <see cref="ReportKind.All"/>.</summary>
    public uint Match(scoped in FreeSwitchEvent e)
    {
        uint reports = _byKind[(int)e.Kind];
        if (e.Kind == EventKind.Other)
        {
            foreach ((byte[] name, uint wanted) in _names)
            {
                reports |= e.Name.SequenceEqual(name) ? wanted : 0;
            }
        }
        else if (_subclasses.Length > 0 && e.Kind is >= EventKind.Custom and not EventKind.Log)
        {
            HeaderValue subclass = e.Get(KnownHeader.EventSubclass);
            foreach ((byte[] name, uint wanted) in _subclasses)
            {
                reports |= subclass.Is(name) ? wanted : 0;
            }
        }

        return (reports & _conditional) == 0 ? reports : Check(e, reports);
    }

    /// <summary>Whether a known header is an identifier, of a call, a channel or similar.</summary>
    public static bool IsId(KnownHeader header) => _isId[(int)header];

    /// <summary>Whether a header is an identifier, of a call, a channel or similar.</summary>
    public static bool IsId(ReadOnlySpan<byte> name)
    {
        foreach (Glob glob in _idGlobs)
        {
            if (glob.Matches(name))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A header's name without <c>variable_</c>.</summary>
    public static ReadOnlySpan<byte> VariableName(ReadOnlySpan<byte> header) => header.StartsWith("variable_"u8) ? header["variable_"u8.Length..] : header;

    /// <summary>Whether a known header is never sent.</summary>
    public bool Hides(KnownHeader header) => _hidden[(int)header];

    /// <summary>Whether call logs include headers without a slot: a held event is then copied whole.</summary>
    public bool HasCallHeaders => _callHeaderGlobs.Length > 0;

    /// <summary>Whether <c>call_headers</c> adds this header to call logs.</summary>
    public bool AddsToCall(ReadOnlySpan<byte> name) => HasCallHeaders && MatchesAny(_callHeaderGlobs, name) && !Hides(name);

    /// <summary>Whether a header is never sent.</summary>
    public bool Hides(ReadOnlySpan<byte> name) => MatchesAny(_hideGlobs, name);

    /// <summary>The event names and CUSTOM subclasses to subscribe to: those that the leg table and the reports need.</summary>
    public (IReadOnlyList<string> Names, IReadOnlyList<string> Subclasses) Subscription()
    {
        SortedSet<string> names = new(StringComparer.Ordinal);
        SortedSet<string> subclasses = new(StringComparer.Ordinal);
        foreach (EventKind kind in LegObserver.Kinds.Concat(_selections.SelectMany(selection => selection.Kinds.Concat(selection.Needs))))
        {
            if (EventKinds.SubclassOf(kind) is { } subclass)
            {
                subclasses.Add(subclass);
            }
            else if (EventKinds.NameOf(kind) is { } name)
            {
                names.Add(name);
            }
        }

        names.UnionWith(_selections.SelectMany(selection => selection.Names));
        subclasses.UnionWith(_selections.SelectMany(selection => selection.Subclasses));

        // A hub that re-fires other switches' events: they are unwrapped and treated as the originals.
        subclasses.Add("multicast::event");
        return ([.. names], [.. subclasses]);
    }

    // A channel variable matches by its own name as well as by its header's.
    private static bool MatchesAny(Glob[] globs, ReadOnlySpan<byte> name)
    {
        ReadOnlySpan<byte> variable = VariableName(name);
        foreach (Glob glob in globs)
        {
            if (glob.Matches(name) || (variable.Length < name.Length && glob.Matches(variable)))
            {
                return true;
            }
        }

        return false;
    }

    private uint Check(scoped in FreeSwitchEvent e, uint reports)
    {
        for (uint rest = reports & _conditional; rest != 0; rest &= rest - 1)
        {
            int report = BitOperations.TrailingZeroCount(rest);
            if (!_conditions[report]!(e, Options))
            {
                reports &= ~(1u << report);
            }
        }

        return reports;
    }

    private (byte[] Text, uint Reports)[] Texts(Func<EventSelection, IReadOnlyList<string>> of) =>
    [
        .. _selections.SelectMany((selection, i) => of(selection).Select(text => (text, 1u << i))).GroupBy(pair => pair.text, pair => pair.Item2, StringComparer.Ordinal)
            .Select(group => (Encoding.UTF8.GetBytes(group.Key), group.Aggregate((all, one) => all | one))),
    ];
}
