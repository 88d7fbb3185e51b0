using HepBridge.Collector.Payloads;
using HepBridge.Hep;

namespace HepBridge.Collector.Store;

/// <summary>
/// The viewer's collector: takes HEP3 packets from any thread, groups them by Call-ID, and keeps the last calls within the bounds of
/// <see cref="CallStoreOptions"/>.
/// </summary>
public sealed class CallStore
{
    private readonly CallStoreOptions _options;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Call> _byCallId = new(StringComparer.Ordinal);
    private readonly Dictionary<long, Call> _byId = [];
    private readonly LinkedList<Call> _byAge = new();
    private readonly AliasIndex _aliases = new();
    private readonly StoreCounters _counters = new();
    private long _nextId = 1;
    private long _bytes;
    private long _version;

    public CallStore(CallStoreOptions? options = null)
    {
        _options = options ?? new CallStoreOptions();
    }

    /// <summary>Grows by one with each packet kept; the page asks again when it changed.</summary>
    public long Version => Volatile.Read(ref _version);

    /// <summary>What was kept and what was not, by reason.</summary>
    internal StoreStatus Status()
    {
        lock (_gate)
        {
            return _counters.Snapshot(_byCallId.Count, _bytes, _options);
        }
    }

    /// <summary>Takes one whole packet; false if it was not kept (not HEP3, or without a usable Call-ID), which is counted.</summary>
    public bool Add(ReadOnlySpan<byte> packet)
    {
        long arrival = 0;
        return Add(packet, ref arrival);
    }

    /// <summary>As <see cref="Add(ReadOnlySpan{byte})"/>, for one packet of a file: with an impossible time it takes that of the packet before it.</summary>
    /// <param name="packet">One whole packet.</param>
    /// <param name="arrival">Microseconds since 1970, 0: now. Becomes the time that the packet got.</param>
    public bool Add(ReadOnlySpan<byte> packet, ref long arrival)
    {
        long now = PacketTime.Now(_options.TimeProvider);
        arrival = arrival == 0 ? now : arrival;
        lock (_gate)
        {
            _counters.Received++;
            if (!HepDecoder.TryDecode(packet, out HepPacket decoded, out HepReject reason))
            {
                _counters.Reject(reason);
                return false;
            }

            SipMessage? sip = null;
            if (decoded.PayloadType == HepPayloadType.Sip && SipMessage.TryParse(decoded.Payload, out SipMessage parsed))
            {
                sip = parsed;
            }

            // A SIP message belongs to its own Call-ID, whatever the agent thinks: that is what Homer does as well.
            string callId = sip?.CallId ?? CallIds.Name(decoded.CorrelationId);
            if (callId.Length == 0)
            {
                _counters.WithoutCallId++;
                return false;
            }

            PacketTime time = PacketTime.Of(decoded, arrival, now);
            arrival = time.Microseconds;
            Keep(callId, PacketSanitizer.Copy(packet), decoded, sip, time);
            return true;
        }
    }

    /// <summary>Runs a reading under the store's lock. The calls must not be kept.</summary>
    internal T Read<T>(Func<CallReader, T> read)
    {
        lock (_gate)
        {
            return read(new CallReader(_byAge, _byId, _aliases, _version));
        }
    }

    private void Keep(string callId, byte[] bytes, in HepPacket packet, SipMessage? sip, PacketTime time)
    {
        if (!_byCallId.TryGetValue(callId, out Call? call))
        {
            call = new Call(_nextId++, callId);
            call.Aliases.Add(callId);
            call.Age = _byAge.AddLast(call);
            _byCallId.Add(callId, call);
            _byId.Add(call.Id, call);
            _bytes += call.Bytes;
            _aliases.Add(call, 0);
        }
        else if (_byAge.Last != call.Age)
        {
            _byAge.Remove(call.Age!);
            _byAge.AddLast(call.Age!);
        }

        long bytesBefore = call.Bytes;
        long droppedBefore = call.Dropped;
        int aliasesBefore = call.Aliases.All.Count;
        call.Add(bytes, packet, sip, time, _options);
        _aliases.Add(call, aliasesBefore);
        _bytes += call.Bytes - bytesBefore;
        _counters.Shortened += call.Dropped - droppedBefore;
        _counters.Kept++;
        _counters.ImpossibleTimes += time.IsArrival ? 1 : 0;
        call.Version = ++_version;
        while (_byAge.Count > 1 && (_byAge.Count > _options.MaxCalls || _bytes > _options.MaxBytes))
        {
            Evict(_byAge.First!.Value);
        }
    }

    private void Evict(Call call)
    {
        _byAge.Remove(call.Age!);
        _byCallId.Remove(call.CallId);
        _byId.Remove(call.Id);
        _aliases.Remove(call);
        _bytes -= call.Bytes;
        _counters.Evicted++;
    }
}
