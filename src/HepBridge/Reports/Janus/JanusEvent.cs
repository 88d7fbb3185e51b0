namespace HepBridge.Reports.Janus;

/// <summary>Types of Janus events, as in its event mask.</summary>
internal enum JanusEventType
{
    Session = 1,
    Handle = 2,
    External = 4,
    Jsep = 8,
    WebRtc = 16,
    Media = 32,
    Plugin = 64,
    Transport = 128,
    Core = 256,
}

/// <summary>One event of Janus, as a view of its JSON.</summary>
internal readonly ref struct JanusEvent
{
    private const int StatisticsSubtype = 3;
    private readonly long _subtype;

    /// <param name="json">An object whose syntax has been checked.</param>
    public JanusEvent(ReadOnlySpan<byte> json)
    {
        Json = json;
        foreach (JanusValue.Member member in new JanusValue(json).Each())
        {
            switch (member.Name)
            {
                case var name when name.SequenceEqual("type"u8):
                    member.Value.TryGetInt64(out long type);
                    Type = type is > 0 and < int.MaxValue ? (JanusEventType)type : 0;
                    break;
                case var name when name.SequenceEqual("subtype"u8):
                    member.Value.TryGetInt64(out _subtype);
                    break;
                case var name when name.SequenceEqual("timestamp"u8):
                    member.Value.TryGetInt64(out long timestamp);
                    UnixMicroseconds = Math.Max(0, timestamp);
                    break;
                case var name when name.SequenceEqual("emitter"u8):
                    Emitter = member.Value;
                    break;
                case var name when name.SequenceEqual("session_id"u8):
                    Session = member.Value.Text.Raw;
                    break;
                case var name when name.SequenceEqual("handle_id"u8):
                    Handle = member.Value.Text.Raw;
                    break;
                case var name when name.SequenceEqual("opaque_id"u8):
                    OpaqueId = member.Value;
                    break;
                case var name when name.SequenceEqual("event"u8):
                    Body = member.Value;
                    break;
            }
        }
    }

    public ReadOnlySpan<byte> Json { get; }

    /// <summary>0: none, so it is not an event.</summary>
    public JanusEventType Type { get; }

    /// <summary>When it happened, by Janus's clock.</summary>
    public long UnixMicroseconds { get; }

    /// <summary>The name of the Janus server: <c>server_name</c> in janus.jcfg.</summary>
    public JanusValue Emitter { get; }

    /// <summary>Digits; empty if it belongs to none.</summary>
    public ReadOnlySpan<byte> Session { get; }

    /// <summary>Digits; empty if it belongs to none.</summary>
    public ReadOnlySpan<byte> Handle { get; }

    /// <summary>The application's name for its handle.</summary>
    public JanusValue OpaqueId { get; }

    /// <summary>What happened.</summary>
    public JanusValue Body { get; }

    /// <summary>For a plugin's event: the plugin's own part.</summary>
    public JanusValue Data => Body.Find("data"u8);

    /// <summary>Packets, loss and jitter of one medium, sent every <c>stats_period</c>.</summary>
    public bool IsStatistics => Type == JanusEventType.Media && (_subtype == StatisticsSubtype || !Body.Find("packets-received"u8).IsEmpty);
}
