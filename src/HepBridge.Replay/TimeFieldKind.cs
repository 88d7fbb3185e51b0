namespace HepBridge.Replay;

/// <summary>Format of a time in an event. Each has a fixed length.</summary>
internal enum TimeFieldKind : byte
{
    /// <summary>Microseconds since 1970, 16 digits.</summary>
    Microseconds,

    /// <summary>Seconds since 1970, 10 digits.</summary>
    Seconds,

    /// <summary><c>2026-11-21 23:55:05</c>.</summary>
    Date,

    /// <summary><c>2026-11-21%2023%3A55%3A05</c>.</summary>
    DateUrl,

    /// <summary><c>Sat, 21 Nov 2026 23:55:05 GMT</c>.</summary>
    Gmt,

    /// <summary><c>Sat,%2021%20Nov%202026%2023%3A55%3A05%20GMT</c>.</summary>
    GmtUrl,
}
