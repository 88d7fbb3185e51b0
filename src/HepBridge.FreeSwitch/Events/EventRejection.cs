namespace HepBridge.FreeSwitch.Events;

/// <summary>Why bytes are no event. The names are the values of the metric's <c>reason</c> label.</summary>
public enum EventRejection : byte
{
    /// <summary>They are one.</summary>
    None,

    /// <summary>There is nothing.</summary>
    Empty,

    /// <summary>The headers end without a blank line: something is cut off.</summary>
    Unterminated,

    /// <summary>There is no Event-Name.</summary>
    NoEventName,

    /// <summary>Not the JSON object that FreeSWITCH writes.</summary>
    BadJson,

    /// <summary>More than <see cref="EventParser.MaxWrapping"/> switches fired it again.</summary>
    WrappedTooOften,

    /// <summary>An id or a name is longer than <see cref="EventLimits"/> allows.</summary>
    FieldTooLong,
}
