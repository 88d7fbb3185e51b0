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

    /// <summary>CUSTOM with any other subclass.</summary>
    Custom,

    /// <summary>CUSTOM sofia::register.</summary>
    Register,

    /// <summary>CUSTOM sofia::unregister.</summary>
    Unregister,

    /// <summary>CUSTOM sofia::expire.</summary>
    RegisterExpire,

    /// <summary>CUSTOM sofia::register_failure.</summary>
    RegisterFailure,

    /// <summary>CUSTOM sofia::register_attempt.</summary>
    RegisterAttempt,

    /// <summary>CUSTOM sofia::transferor.</summary>
    Transferor,

    /// <summary>CUSTOM sofia::transferee.</summary>
    Transferee,

    /// <summary>CUSTOM sofia::replaced.</summary>
    Replaced,

    /// <summary>A line of the switch's log (<c>log</c> on the event socket).</summary>
    Log,
}
