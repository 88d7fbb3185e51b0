namespace HepBridge.FreeSwitch.Events;

/// <summary>Why bytes are not an event. The names are the values of the metric's <c>reason</c> label.</summary>
public enum EventRejection : byte
{
    None,

    /// <summary>No bytes.</summary>
    Empty,

    /// <summary>The headers end without a blank line: the event is cut off.</summary>
    Unterminated,

    /// <summary>There is no Event-Name.</summary>
    NoEventName,

    /// <summary>Not the JSON object that FreeSWITCH sends.</summary>
    BadJson,

    /// <summary>Re-fired by more than <see cref="EventParser.MaxWrapping"/> switches.</summary>
    WrappedTooOften,

    /// <summary>An id or a name is longer than <see cref="EventLimits"/> allows.</summary>
    FieldTooLong,
}
