using System.Text;
using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.FreeSwitch.Events;
using HepBridge.FreeSwitch.Multicast;
using HepBridge.Hep;
using HepBridge.Pipeline;
using Microsoft.Extensions.Logging;

namespace HepBridge.Inputs.Amqp;

/// <summary>Passes each delivery to the pipeline, and notes in its ledger whether the event is held.</summary>
internal sealed class DeliveryIntake(AmqpInputConfiguration configuration, EventPipeline pipeline, InputBinding binding, PeerWatch peers, HeldDeliveries held, TimeProvider time, ILogger logger)
{
    private const int MostSwitches = 4_096;
    private readonly EventAge _age = new(time);

    /// <summary>Deliveries that the broker had sent to some consumer before.</summary>
    public long Redelivered { get; private set; }

    /// <summary>Held events acknowledged before they were reported, because too many were held for the prefetch.</summary>
    public long AcknowledgedHeld { get; private set; }

    /// <summary>Whether a routing key named its event: a hash of the whole key decides which queue gets an event.</summary>
    public bool IsKeySplit { get; private set; }

    /// <summary>Asks switches that are new here for the calls in progress; null: not configured, or not connected.</summary>
    public SwitchRebuild? Rebuild { get; set; }

    /// <summary>How old events are when they are read.</summary>
    public TimeSpan Lag(bool isWaiting) => _age.Lag(isWaiting);

    /// <summary>Processes a delivery, unless its consumer was stopped meanwhile.</summary>
    public void Process(QueueConsumer consumer, ulong tag, bool redelivered, string routingKey, ReadOnlySpan<byte> body)
    {
        // Parsed outside the lock: several queues are read at once.
        bool isEvent = consumer.Parser.TryParse(body, EventEncoding.Json, out FreeSwitchEvent e, out EventRejection rejection);
        lock (pipeline.Gate)
        {
            if (consumer.IsStopped)
            {
                return;
            }

            Redelivered += redelivered ? 1 : 0;
            bool isHeld = false;
            if (isEvent)
            {
                isHeld = Process(consumer, tag, redelivered, routingKey, e);
            }
            else
            {
                pipeline.CountMalformed(binding, rejection);
            }

            AcknowledgedHeld += consumer.Ledger.Add(tag, isHeld) ? 0 : 1;
        }
    }

    private bool Process(QueueConsumer consumer, ulong tag, bool redelivered, string routingKey, scoped in FreeSwitchEvent e)
    {
        _age.Observe(e);
        peers.Observe(e, AddressOf(e), time.GetUtcNow());
        ObserveSwitch(consumer, e, routingKey);
        binding.Receipt = held.NextReceipt();
        binding.IsHeld = false;
        if (pipeline.Process(e, binding) && Rebuild is { } rebuild)
        {
            rebuild.Hint(HostOf(e), e.Get(KnownHeader.UniqueId).Raw);
        }

        if (!binding.IsHeld && !redelivered)
        {
            return false;
        }

        // Without a sequence, the pipeline recognizes no duplicate.
        (int, long) identity = e.Get(KnownHeader.EventSequence).TryParseInt64(out long sequence) ? (binding.SwitchIndex, sequence) : (-1, binding.Receipt);
        if (!binding.IsHeld)
        {
            return held.TryReplace(identity, consumer, tag);
        }

        held.Add(binding.Receipt, identity, consumer, tag);
        return true;
    }

    // The first event of a switch on a queue: this agent may have it from another one, with calls in progress.
    private void ObserveSwitch(QueueConsumer consumer, scoped in FreeSwitchEvent e, string routingKey)
    {
        WarnOfKey(routingKey, e);
        ReadOnlySpan<byte> core = e.Get(KnownHeader.CoreUuid).Raw;
        if (consumer.Switches.Count < MostSwitches && !core.IsEmpty && !consumer.Switches.GetAlternateLookup<ReadOnlySpan<byte>>().Contains(core))
        {
            consumer.Switches.Add(core.ToArray());
            Rebuild?.Add(HostOf(e));
        }
    }

    private void WarnOfKey(string routingKey, scoped in FreeSwitchEvent e)
    {
        if (!configuration.IsShared || IsKeySplit || e.Kind == EventKind.Other || e.Name.Length > EventLimits.MaxName)
        {
            return;
        }

        Span<char> name = stackalloc char[e.Name.Length];
        Encoding.ASCII.GetChars(e.Name, name);
        if (routingKey.AsSpan().Contains(name, StringComparison.Ordinal))
        {
            IsKeySplit = true;
            Log.AmqpKeyNamesEvent(logger, binding.Name, DisplayText.Value(routingKey), name.ToString());
        }
    }

    private static string HostOf(scoped in FreeSwitchEvent e)
    {
        Span<byte> scratch = stackalloc byte[EventLimits.MaxName];
        return Encoding.UTF8.GetString(e.Get(KnownHeader.FreeSwitchHostname).DecodeId(scratch));
    }

    private static SenderAddress AddressOf(scoped in FreeSwitchEvent e)
    {
        // Only HEARTBEATs tell a peer's address.
        Span<byte> scratch = stackalloc byte[64];
        return e.Kind == EventKind.Heartbeat && HepAddress.TryParse(e.Get(KnownHeader.FreeSwitchIPv4).Decode(scratch), out HepAddress address)
            ? SenderAddress.FromBytes(scratch[..address.WriteBytes(scratch)])
            : default;
    }
}

/// <summary>How old events are when they are read, by their own times.</summary>
internal sealed class EventAge(TimeProvider time)
{
    private static readonly TimeSpan _recent = TimeSpan.FromSeconds(10);
    private long _eventMicroseconds;
    private long _readAt;
    private long _lag;

    /// <summary>Notes an event. One thread at a time.</summary>
    public void Observe(scoped in FreeSwitchEvent e)
    {
        if (e.Get(KnownHeader.EventDateTimestamp).TryParseInt64(out long stamp) && stamp > 0)
        {
            Volatile.Write(ref _eventMicroseconds, stamp);
            Volatile.Write(ref _lag, Now() - stamp);
            Volatile.Write(ref _readAt, time.GetTimestamp());
        }
    }

    /// <summary>The age of the last event; while messages wait and none is read, it grows. Zero when idle.</summary>
    public TimeSpan Lag(bool isWaiting)
    {
        long readAt = Volatile.Read(ref _readAt);
        bool isRecent = readAt != 0 && time.GetElapsedTime(readAt) < _recent;
        long lag = readAt == 0 || !(isRecent || isWaiting) ? 0 : isRecent ? Volatile.Read(ref _lag) : Now() - Volatile.Read(ref _eventMicroseconds);
        return TimeSpan.FromMicroseconds(Math.Max(0, lag));
    }

    private long Now() => (time.GetUtcNow().Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
}
