using System.Diagnostics.CodeAnalysis;
using HepBridge.Collector.Payloads;
using HepBridge.Hep;
using HepBridge.Masking;

namespace HepBridge.Collector.Store;

/// <summary>
/// The viewer's collector: accepts HEP3 packets from any thread, groups them by Call-ID, and keeps the most recent
/// calls within the limits of <see cref="CallStoreOptions"/>.
/// </summary>
public sealed class CallStore(CallStoreOptions? options = null)
{
    private readonly CallStoreOptions _options = options ?? new();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Leg> _byCallId = new(StringComparer.Ordinal);
    private readonly Dictionary<long, Leg> _byId = [];
    private readonly LinkedList<Call> _byAge = new();
    private readonly AliasIndex _aliases = new();
    private readonly JitterUnits _jitter = new();
    private readonly StoreCounters _counters = new();
    private long _nextId = 1;
    private long _bytes;
    private long _version;

    /// <summary>Masks the secrets of every packet before it is parsed or stored. May be replaced by any thread.</summary>
    public ValueMask Mask { get; set; } = ValueMask.Default;

    /// <summary>Increases with each packet stored; the page asks again when it has changed.</summary>
    public long Version => Volatile.Read(ref _version);

    /// <summary>Packets stored and not stored, by reason.</summary>
    internal StoreStatus Status()
    {
        lock (_gate)
        {
            return _counters.Snapshot(_byAge.Count, _byCallId.Count, _bytes, _options);
        }
    }

    /// <summary>Adds one whole packet. False, and counted, if it was not stored: not HEP3, or no usable Call-ID.</summary>
    public bool Add(ReadOnlySpan<byte> packet)
    {
        long arrival = 0;
        return Add(packet, ref arrival);
    }

    /// <summary>Like <see cref="Add(ReadOnlySpan{byte})"/>, for one packet of a file: an impossible time is replaced by that of the previous packet.</summary>
    /// <param name="packet">One whole packet.</param>
    /// <param name="arrival">Microseconds since 1970, 0: now. Set to the packet's resulting time.</param>
    public bool Add(ReadOnlySpan<byte> packet, ref long arrival)
    {
        long now = PacketTime.Now(_options.TimeProvider);
        arrival = arrival == 0 ? now : arrival;
        lock (_gate)
        {
            _counters.Received++;
            if (!HepDecoder.TryDecode(packet, out _, out HepReject reason))
            {
                _counters.Reject(reason);
                return false;
            }

            byte[] kept = PacketSanitizer.Copy(packet, Mask);
            HepDecoder.TryDecode(kept, out HepPacket decoded, out _);
            SipMessage? sip = null;
            if (decoded.PayloadType == HepPayloadType.Sip && SipMessage.TryParse(decoded.Payload, out SipMessage parsed))
            {
                sip = parsed;
            }

            // A SIP message belongs to its own Call-ID, whatever its correlation id: Homer does the same.
            string callId = sip?.CallId ?? CallIds.Name(decoded.CorrelationId);
            if (callId.Length == 0)
            {
                _counters.WithoutCallId++;
                return false;
            }

            PacketTime time = PacketTime.Of(decoded, arrival, now);
            arrival = time.Microseconds;
            Keep(callId, kept, decoded, sip, time);
            return true;
        }
    }

    /// <summary>Runs a query under the store's lock. Its calls must not be used afterwards.</summary>
    internal T Read<T>(Func<CallReader, T> read)
    {
        lock (_gate)
        {
            return read(new CallReader(_byAge, _byId, _jitter, _version));
        }
    }

    private void Keep(string callId, byte[] bytes, in HepPacket packet, SipMessage? sip, PacketTime time)
    {
        if (!_byCallId.TryGetValue(callId, out Leg? leg))
        {
            leg = new Leg(_nextId++, callId);
            leg.Aliases.Add(callId);
            _byCallId.Add(callId, leg);
            _byId.Add(leg.Id, leg);
            _bytes += leg.Bytes;
            Call call = new(leg);
            call.Age = _byAge.AddLast(call);
            Join(leg, 0);
        }

        long bytesBefore = leg.Bytes;
        long droppedBefore = leg.Dropped;
        int aliasesBefore = leg.Aliases.All.Count;
        leg.Add(bytes, packet, sip, time, _options);
        _bytes += leg.Bytes - bytesBefore;
        _counters.Shortened += leg.Dropped - droppedBefore;
        _counters.Kept++;
        _counters.ImpossibleTimes += time.IsArrival ? 1 : 0;
        _jitter.Learn(packet.CaptureId, leg.Jitter.Unit);
        Join(leg, aliasesBefore);
        leg.Call.Touch(++_version);
        if (_byAge.Last != leg.Call.Age)
        {
            _byAge.Remove(leg.Call.Age!);
            _byAge.AddLast(leg.Call.Age!);
        }

        MakeRoom(leg);
    }

    // Merges the leg's call with every call that shares one of its new names.
    private void Join(Leg leg, int from)
    {
        if (from == leg.Aliases.All.Count)
        {
            return;
        }

        foreach (Leg other in _aliases.Add(leg, from))
        {
            Call kept = leg.Call.Count >= other.Call.Count ? leg.Call : other.Call;
            Call joined = kept == leg.Call ? other.Call : leg.Call;
            if (kept.Count + joined.Count <= _options.MaxLegsPerCall)
            {
                _byAge.Remove(joined.Age!);
                kept.Join(joined);
            }
        }
    }

    private void MakeRoom(Leg newest)
    {
        while (_byAge.Count > 1 && (_byAge.Count > _options.MaxCalls || _bytes > _options.MaxBytes))
        {
            Call oldest = _byAge.First!.Value;
            _byAge.RemoveFirst();
            _counters.Evicted++;
            foreach (Leg leg in oldest.Legs)
            {
                Forget(leg);
            }
        }

        // A single call over the limit loses the legs silent longest.
        while (_bytes > _options.MaxBytes && newest.Call.Count > 1)
        {
            Leg silent = newest.Call.Legs.Where(leg => leg != newest).MinBy(static leg => leg.Last)!;
            newest.Call.Remove(silent);
            Forget(silent);
        }
    }

    private void Forget(Leg leg)
    {
        _byCallId.Remove(leg.CallId);
        _byId.Remove(leg.Id);
        _aliases.Remove(leg);
        _bytes -= leg.Bytes;
    }
}

/// <summary>The viewer's limits, which bound its memory whatever arrives.</summary>
public sealed class CallStoreOptions
{
    /// <summary>Most calls; the one silent longest is removed first. Default 5,000.</summary>
    public int MaxCalls { get; init; } = 5_000;

    /// <summary>Most bytes of all calls, including packets and names. Default 128 MiB.</summary>
    public long MaxBytes { get; init; } = 128L << 20;

    /// <summary>Most legs per call; a further leg becomes a call of its own. Default 64.</summary>
    public int MaxLegsPerCall { get; init; } = 64;

    /// <summary>Most packets per leg; a longer one keeps its beginning and its end. Default 4,000.</summary>
    public int MaxPacketsPerLeg { get; init; } = 4_000;

    /// <summary>Most bytes per leg. Default 4 MiB.</summary>
    public long MaxBytesPerLeg { get; init; } = 4L << 20;

    /// <summary>Clock for the time of arrival, which replaces an impossible time in a packet.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}

/// <summary>The part of the store that can be read while its lock is held.</summary>
internal readonly struct CallReader(LinkedList<Call> byAge, Dictionary<long, Leg> byId, JitterUnits jitter, long version)
{
    /// <summary>All calls, the one silent longest first.</summary>
    public LinkedList<Call> Calls => byAge;

    public long Version => version;

    /// <summary>The unit of <c>ia_jitter</c> detected for each agent.</summary>
    public JitterUnits Jitter => jitter;

    /// <summary>Finds a call by the number of any of its legs.</summary>
    public bool TryGet(long legId, [NotNullWhen(true)] out Call? call)
    {
        call = byId.TryGetValue(legId, out Leg? leg) ? leg.Call : null;
        return call is not null;
    }

    public bool TryGetLeg(long legId, [NotNullWhen(true)] out Leg? leg) => byId.TryGetValue(legId, out leg);
}
