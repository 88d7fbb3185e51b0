namespace HepBridge.FreeSwitch.Events;

/// <summary>How an event is serialized.</summary>
public enum EventEncoding : byte
{
    /// <summary>Lines of "Name: value", values URL-encoded, a blank line, and a body if there is a Content-Length (switch_event_serialize).</summary>
    Plain,

    /// <summary>One JSON object, the body under "_body" (switch_event_serialize_json).</summary>
    Json,

    /// <summary>A <c>log/data</c> frame of the event socket: its header lines (not encoded), a blank line, and the log line.</summary>
    Log,
}
