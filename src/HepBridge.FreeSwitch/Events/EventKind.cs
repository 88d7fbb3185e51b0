using System.Text;

namespace HepBridge.FreeSwitch.Events;

/// <summary>Kind of an event, from its Event-Name and, for CUSTOM events of mod_sofia, its Event-Subclass.</summary>
public enum EventKind : byte
{
    Other,
    ChannelCreate,
    ChannelOriginate,
    ChannelOutgoing,
    ChannelProgress,
    ChannelProgressMedia,
    ChannelAnswer,
    ChannelBridge,
    ChannelUnbridge,
    ChannelHold,
    ChannelUnhold,
    ChannelHangup,
    ChannelHangupComplete,
    ChannelDestroy,

    /// <summary>The answer to <c>uuid_dump</c>.</summary>
    ChannelData,
    ChannelState,
    ChannelCallState,
    ChannelExecute,
    ChannelExecuteComplete,
    CallUpdate,
    Dtmf,
    RecvRtcp,
    SendRtcp,
    Heartbeat,
    PresenceIn,
    BackgroundJob,

    /// <summary>CUSTOM with a subclass that has no kind of its own.</summary>
    Custom,
    Register,
    Unregister,
    RegisterExpire,
    RegisterFailure,
    RegisterAttempt,
    Transferor,
    Transferee,
    Replaced,

    /// <summary>A line of the switch's log (<c>log</c> on the event socket).</summary>
    Log,
}

/// <summary>Maps between <see cref="EventKind"/> and the names on the wire.</summary>
public static class EventKinds
{
    private static readonly (string Name, EventKind Kind)[] _byName =
    [
        ("CHANNEL_CREATE", EventKind.ChannelCreate),
        ("CHANNEL_ORIGINATE", EventKind.ChannelOriginate),
        ("CHANNEL_OUTGOING", EventKind.ChannelOutgoing),
        ("CHANNEL_PROGRESS", EventKind.ChannelProgress),
        ("CHANNEL_PROGRESS_MEDIA", EventKind.ChannelProgressMedia),
        ("CHANNEL_ANSWER", EventKind.ChannelAnswer),
        ("CHANNEL_BRIDGE", EventKind.ChannelBridge),
        ("CHANNEL_UNBRIDGE", EventKind.ChannelUnbridge),
        ("CHANNEL_HOLD", EventKind.ChannelHold),
        ("CHANNEL_UNHOLD", EventKind.ChannelUnhold),
        ("CHANNEL_HANGUP", EventKind.ChannelHangup),
        ("CHANNEL_HANGUP_COMPLETE", EventKind.ChannelHangupComplete),
        ("CHANNEL_DESTROY", EventKind.ChannelDestroy),
        ("CHANNEL_DATA", EventKind.ChannelData),
        ("CHANNEL_STATE", EventKind.ChannelState),
        ("CHANNEL_CALLSTATE", EventKind.ChannelCallState),
        ("CHANNEL_EXECUTE", EventKind.ChannelExecute),
        ("CHANNEL_EXECUTE_COMPLETE", EventKind.ChannelExecuteComplete),
        ("CALL_UPDATE", EventKind.CallUpdate),
        ("DTMF", EventKind.Dtmf),
        ("RECV_RTCP_MESSAGE", EventKind.RecvRtcp),
        ("SEND_RTCP_MESSAGE", EventKind.SendRtcp),
        ("HEARTBEAT", EventKind.Heartbeat),
        ("PRESENCE_IN", EventKind.PresenceIn),
        ("BACKGROUND_JOB", EventKind.BackgroundJob),
        ("CUSTOM", EventKind.Custom),
    ];

    private static readonly (string Name, EventKind Kind)[] _bySubclass =
    [
        ("sofia::register", EventKind.Register),
        ("sofia::unregister", EventKind.Unregister),
        ("sofia::expire", EventKind.RegisterExpire),
        ("sofia::register_failure", EventKind.RegisterFailure),
        ("sofia::register_attempt", EventKind.RegisterAttempt),
        ("sofia::transferor", EventKind.Transferor),
        ("sofia::transferee", EventKind.Transferee),
        ("sofia::replaced", EventKind.Replaced),
    ];

    private static readonly (byte[] Name, EventKind Kind)[][] _namesByLength =
        [.. Enumerable.Range(0, _byName.Max(entry => entry.Name.Length) + 1).Select(OfLength)];

    /// <summary>The Event-Name of a kind; null if it has none of its own.</summary>
    public static string? NameOf(EventKind kind) => Array.Find(_byName, entry => entry.Kind == kind).Name;

    /// <summary>The Event-Subclass of a kind of CUSTOM event; null for any other.</summary>
    public static string? SubclassOf(EventKind kind) => Array.Find(_bySubclass, entry => entry.Kind == kind).Name;

    public static EventKind FromName(ReadOnlySpan<byte> name)
    {
        if (name.Length < _namesByLength.Length)
        {
            foreach ((byte[] known, EventKind kind) in _namesByLength[name.Length])
            {
                if (name.SequenceEqual(known))
                {
                    return kind;
                }
            }
        }

        return EventKind.Other;
    }

    /// <summary>The kind of a CUSTOM event, from its decoded Event-Subclass.</summary>
    public static EventKind FromSubclass(ReadOnlySpan<byte> subclass)
    {
        foreach ((string known, EventKind kind) in _bySubclass)
        {
            if (Ascii.Equals(subclass, known))
            {
                return kind;
            }
        }

        return EventKind.Custom;
    }

    private static (byte[] Name, EventKind Kind)[] OfLength(int length) =>
        [.. _byName.Where(entry => entry.Name.Length == length).Select(entry => (Encoding.ASCII.GetBytes(entry.Name), entry.Kind))];
}
