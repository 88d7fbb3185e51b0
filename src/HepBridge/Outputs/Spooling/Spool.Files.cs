using System.Buffers.Binary;
using HepBridge.Diagnostics;
using HepBridge.Hep;

namespace HepBridge.Outputs.Spooling;

/// <content>The files; all members require the gate.</content>
internal sealed partial class Spool
{
    /// <summary>Returns the reason if it fails.</summary>
    private string? Append(ReadOnlySpan<byte> packets, int count)
    {
        try
        {
            if (_filling is null || _filling.Length + packets.Length > _segmentBytes)
            {
                _filling = SpoolSegment.Create(configuration.Path, _lastSequence + 1, _end);
                _lastSequence++;
                _segments.AddLast(_filling);
            }

            _filling.Append(packets, count);
            _unsynced.Add(_filling);
            _end += packets.Length;
            _bytes += packets.Length;
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    /// <summary>Reads from the first file and skips what must not be sent; returns 0 if nothing is left of it.</summary>
    private int ReadFrom(SpoolSegment segment, Span<byte> buffer)
    {
        int count;
        try
        {
            count = segment.Read(buffer, _readOffset);
        }
        catch (IOException e)
        {
            GiveUp(segment, e.Message);
            return 0;
        }

        long oldest = (time.GetUtcNow() - configuration.MaxAge).ToUnixTimeSeconds();
        int at = 0;
        int kept = 0;
        _claimedPackets = 0;
        while (HepStreamFramer.Next(buffer[at..count], out int length) == HepFrame.Packet)
        {
            ReadOnlySpan<byte> packet = buffer.Slice(at, length);
            if (_discarded.Contains(segment.Start + _readOffset + at))
            {
                // Counted when it was discarded.
            }
            else if (Seconds(packet) < oldest)
            {
                segment.Packets--;
                counters.AddSpooled(-1);
                counters.AddDropped(DropReason.SpoolExpired);
            }
            else
            {
                packet.CopyTo(buffer[kept..]);
                kept += length;
                _claimedPackets++;
            }

            at += length;
        }

        if (at == 0)
        {
            GiveUp(segment, "no HEP3 packet where one should start");
            return 0;
        }

        _claimedOffset = _readOffset + at;
        return kept;
    }

    private void SaveProgress(SpoolSegment segment)
    {
        try
        {
            progress.Save(segment.Sequence, _readOffset);
            _progressFails = false;
        }
        catch (IOException e)
        {
            if (!_progressFails)
            {
                _progressFails = true;
                Log.SpoolProgressNotSaved(logger, configuration.Path, e.Message);
            }
        }
    }

    private void GiveUp(SpoolSegment segment, string reason)
    {
        Log.SpoolUnreadable(logger, segment.Path, reason, segment.Packets);
        counters.AddSpooled(-segment.Packets);
        counters.AddDropped(DropReason.SpoolTorn, segment.Packets);
        RemoveFirst(segment);
    }

    private void RemoveFirst(SpoolSegment segment)
    {
        _segments.RemoveFirst();
        _unsynced.Remove(segment);
        _readOffset = _claimedOffset = 0;
        _claimedPackets = 0;
        _bytes -= segment.Length;
        long end = segment.Start + segment.Length;
        _discarded.RemoveBefore(end);
        if (segment == _filling)
        {
            _filling = null;
        }

        try
        {
            segment.Delete();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.SpoolUndeletable(logger, segment.Path, e.Message);
        }
    }

    /// <summary>A packet's own time in seconds since 1970; a packet without one never expires.</summary>
    private static long Seconds(ReadOnlySpan<byte> packet) =>
        HepChunkReader.TryFind(packet, HepChunk.TimestampSeconds, out ReadOnlySpan<byte> seconds) && seconds.Length == sizeof(uint)
            ? BinaryPrimitives.ReadUInt32BigEndian(seconds)
            : long.MaxValue;
}

/// <summary>Byte ranges of a spool whose packets were sent another way, from the spool's start. Not thread-safe.</summary>
internal sealed class DiscardedRanges
{
    private readonly List<(long Start, long End)> _ranges = [];

    /// <summary>Adds a range; extends the last one if it is adjacent.</summary>
    public void Add(long start, long end)
    {
        if (_ranges.Count > 0 && _ranges[^1].End == start)
        {
            _ranges[^1] = (_ranges[^1].Start, end);
        }
        else
        {
            _ranges.Add((start, end));
        }
    }

    /// <summary>Whether the packet at a position was discarded.</summary>
    public bool Contains(long position)
    {
        foreach ((long start, long end) in _ranges)
        {
            if (position >= start && position < end)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Removes the ranges that end at or before a position, because all of it was read.</summary>
    public void RemoveBefore(long position) => _ranges.RemoveAll(range => range.End <= position);
}
