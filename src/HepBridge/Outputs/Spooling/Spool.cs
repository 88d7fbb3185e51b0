using HepBridge.Configuration;
using HepBridge.Diagnostics;
using Microsoft.Extensions.Logging;

namespace HepBridge.Outputs.Spooling;

/// <summary>
/// Packets on disk, in order, while no collector accepts them. One caller appends, one reads. Read packets are removed by <see cref="Commit"/>,
/// so a process killed in between sends them again. Appended packets survive the process at once, and the machine after
/// <see cref="Sync"/>.
/// </summary>
internal sealed partial class Spool(SpoolConfiguration configuration, SpoolProgress progress, OutputCounters counters, ILogger logger, TimeProvider time) : IDisposable
{
    private const long LargestSegment = 8 << 20;
    private const long SmallestSegment = 256 << 10;
    private readonly Lock _gate = new();
    private readonly LinkedList<SpoolSegment> _segments = new();
    private readonly DiscardedRanges _discarded = new();
    private readonly HashSet<SpoolSegment> _unsynced = [];
    private readonly long _segmentBytes = Math.Clamp(configuration.MaxBytes / 8, SmallestSegment, LargestSegment);
    private SpoolSegment? _filling;
    private long _end;
    private long _bytes;
    private long _lastSequence = progress.Sequence;
    private long _readOffset;
    private long _claimedOffset;
    private int _claimedPackets;
    private bool _progressFails;
    private bool _syncFails;

    /// <summary>Bytes on disk.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Capacity in bytes.</summary>
    public long Capacity => configuration.MaxBytes;

    /// <summary>Whether the last append failed because the spool or its disk is full.</summary>
    public bool Refuses { get; private set; }

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

    /// <summary>Appends whole packets, and gives their position for <see cref="TryDiscard"/>; false if there is no room, which is logged once.</summary>
    public bool TryAppend(ReadOnlySpan<byte> packets, int count, out long position)
    {
        lock (_gate)
        {
            position = _end;
            string? refusal = _bytes + packets.Length > configuration.MaxBytes ? $"max_bytes ({configuration.MaxBytes}) is reached" : Append(packets, count);
            if (refusal is null && Refuses)
            {
                Log.SpoolAccepts(logger, configuration.Path);
            }
            else if (refusal is not null && !Refuses)
            {
                Log.SpoolRefuses(logger, configuration.Path, refusal);
            }

            Refuses = refusal is not null;
            return refusal is null;
        }
    }

    /// <summary>Discards packets that were sent another way; false if they were already read.</summary>
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

    /// <summary>Reads the next whole packets, without expired and discarded ones; 0 if there are none. They stay on disk until <see cref="Commit"/>.</summary>
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

    /// <summary>Removes what was read last: it has been sent.</summary>
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
            if (_readOffset < segment.Length)
            {
                SaveProgress(segment);
            }
            else
            {
                RemoveFirst(segment);
            }
        }
    }

    /// <summary>Syncs what was appended so far to disk. Appending and reading may go on.</summary>
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
                    Log.SpoolNotSynced(logger, segment.Path, e.Message);
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
            progress.Dispose();
        }
    }
}

/// <summary>A spool's directory is unusable. The message says why and what to do.</summary>
internal sealed class SpoolRefusedException(string message, Exception inner) : Exception(message, inner);
