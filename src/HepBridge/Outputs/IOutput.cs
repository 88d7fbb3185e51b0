namespace HepBridge.Outputs;

/// <summary>What a packet is, for back-pressure and counters.</summary>
internal enum PacketKind : byte
{
    /// <summary>A log line (type 100) of any report.</summary>
    Log,

    /// <summary>An RTCP report: the first to be refused when a ring fills up.</summary>
    Rtcp,

    /// <summary>A quality report.</summary>
    Qos,

    /// <summary>A SIP message.</summary>
    Sip,
}

/// <summary>Where HEP packets go. Called by the pipeline under its lock: nothing here may wait.</summary>
internal interface IOutput : IAsyncDisposable
{
    /// <summary>How it is called in logs and metrics: transport and address.</summary>
    string Name { get; }

    /// <summary>What happened to its packets.</summary>
    OutputCounters Counters { get; }

    /// <summary>How it stands now; without collectors there is nothing to tell. From any thread.</summary>
    OutputState State => default;

    /// <summary>
    /// Takes one whole HEP packet; the bytes are the caller's again on return. A packet that can't be taken is counted with its reason.
    /// </summary>
    void Offer(ReadOnlySpan<byte> packet, PacketKind kind);

    /// <summary>The end of a received batch: what was offered should leave now.</summary>
    void Flush();

    /// <summary>Sends what is still queued until the token ends, keeps the rest where it can, and counts what is lost.</summary>
    Task DrainAsync(CancellationToken cancellationToken);
}
