using HepBridge.Configuration;
using HepBridge.Diagnostics;
using Microsoft.Extensions.Logging;

namespace HepBridge.Outputs.Spooling;

/// <summary>
/// Packets on disk, in order, for as long as no collector takes them. One place appends, one reads; what was read is gone with <see cref="Commit"/>,
/// so a process that is killed in between sends it again. What was appended is safe from the process's death at once, and from the machine's after
/// <see cref="Sync"/>.
/// </summary>
internal sealed partial class Spool : IDisposable
{
    private const long LargestSegment = 8 << 20;
    private const long SmallestSegment = 256 << 10;

    private readonly SpoolConfiguration _configuration;
    private readonly OutputCounters _counters;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly SpoolProgress _progress;
    private readonly Lock _gate = new();
    private readonly LinkedList<SpoolSegment> _segments = new();
    private readonly DiscardedRanges _discarded = new();
    private readonly HashSet<SpoolSegment> _unsynced = [];
    private readonly long _segmentBytes;
    private SpoolSegment? _filling;
    private long _end;
    private long _bytes;
    private long _lastSequence;
    private long _readOffset;
    private long _claimedOffset;
    private int _claimedPackets;
    private bool _progressFails;
    private bool _syncFails;

    private Spool(SpoolConfiguration configuration, SpoolProgress progress, OutputCounters counters, ILogger logger, TimeProvider time)
    {
        _configuration = configuration;
        _progress = progress;
        _counters = counters;
        _logger = logger;
        _time = time;
        _segmentBytes = Math.Clamp(configuration.MaxBytes / 8, SmallestSegment, LargestSegment);
        _lastSequence = progress.Sequence;
    }

    /// <summary>Whether nothing is left to read.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_gate)
            {
                return _segments.Count == 0;
            }
        }
    }

    /// <summary>Bytes on disk.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>The most that may be on disk, in bytes.</summary>
    public long Capacity => _configuration.MaxBytes;

    /// <summary>Whether the last attempt to append failed: full, or the disk is.</summary>
    public bool Refuses { get; private set; }

    /// <summary>Whether anything was appended since <see cref="Sync"/>.</summary>
    public bool NeedsSync
    {
        get
        {
            lock (_gate)
            {
                return _unsynced.Count > 0;
            }
        }
    }

    /// <summary>Brings whole packets on disk; false if there is no room, said in the log once.</summary>
    /// <param name="packets">The packets' bytes.</param>
    /// <param name="count">How many they are.</param>
    /// <param name="position">Where in the spool they are now, for <see cref="TryDiscard"/>.</param>
    public bool TryAppend(ReadOnlySpan<byte> packets, int count, out long position)
    {
        lock (_gate)
        {
            position = _end;
            string? refusal = _bytes + packets.Length > _configuration.MaxBytes ? $"max_bytes ({_configuration.MaxBytes}) is reached" : Append(packets, count);
            if (refusal is null && Refuses)
            {
                Log.SpoolAccepts(_logger, _configuration.Path);
            }
            else if (refusal is not null && !Refuses)
            {
                Log.SpoolRefuses(_logger, _configuration.Path, refusal);
            }

            Refuses = refusal is not null;
            return refusal is null;
        }
    }

    /// <summary>Takes packets back that have been sent another way; false if they were read already.</summary>
    public bool TryDiscard(long position, int packets, int bytes)
    {
        lock (_gate)
        {
            LinkedListNode<SpoolSegment>? node = _segments.Last;
            while (node is not null && node.Value.Start > position)
            {
                node = node.Previous;
            }

            if (node is null || position >= node.Value.Start + node.Value.Length || (node.Previous is null && position < node.Value.Start + _claimedOffset))
            {
                return false;
            }

            node.Value.Packets -= packets;
            _discarded.Add(position, position + bytes);
            return true;
        }
    }

    /// <summary>
    /// Reads the next packets, whole ones only, without those that are too old or discarded; 0: nothing there. Until
    /// <see cref="Commit"/> they stay on disk.
    /// </summary>
    /// <param name="buffer">At least as long as the largest packet.</param>
    public int Read(Span<byte> buffer)
    {
        lock (_gate)
        {
            while (_segments.First?.Value is { } segment)
            {
                if (_readOffset >= segment.Length)
                {
                    RemoveFirst(segment);
                    continue;
                }

                int kept = ReadFrom(segment, buffer);
                if (kept > 0)
                {
                    return kept;
                }

                _readOffset = _claimedOffset;
            }

            return 0;
        }
    }

    /// <summary>What was read last has been sent.</summary>
    public void Commit()
    {
        lock (_gate)
        {
            if (_segments.First?.Value is not { } segment)
            {
                return;
            }

            segment.Packets -= _claimedPackets;
            _claimedPackets = 0;
            _readOffset = _claimedOffset;
            if (_readOffset >= segment.Length)
            {
                RemoveFirst(segment);
                return;
            }

            SaveProgress(segment);
        }
    }

    /// <summary>Waits until the disk has what was appended so far: a power cut takes no more than what comes after. Appending and reading go on.</summary>
    public void Sync()
    {
        SpoolSegment[] unsynced;
        lock (_gate)
        {
            unsynced = [.. _unsynced];
            _unsynced.Clear();
        }

        foreach (SpoolSegment segment in unsynced)
        {
            try
            {
                segment.Sync();
            }
            catch (IOException e)
            {
                if (!_syncFails)
                {
                    _syncFails = true;
                    Log.SpoolNotSynced(_logger, segment.Path, e.Message);
                }
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (SpoolSegment segment in _segments)
            {
                segment.Dispose();
            }

            _segments.Clear();
            _progress.Dispose();
        }
    }
}
