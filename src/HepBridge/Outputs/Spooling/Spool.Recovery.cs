using HepBridge.Configuration;
using HepBridge.Diagnostics;
using Microsoft.Extensions.Logging;

namespace HepBridge.Outputs.Spooling;

/// <content>Recovery of an earlier process's files: found before anyone else has the object, counted while it is in use.</content>
internal sealed partial class Spool
{
    /// <summary>Opens a spool's directory and the files of an earlier process. Call <see cref="Recover"/> before reading.</summary>
    /// <exception cref="SpoolRefusedException">Another process uses it, or it is not writable.</exception>
    public static Spool Open(SpoolConfiguration configuration, OutputCounters counters, ILogger logger, TimeProvider time)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(configuration.Path);
            }
            else
            {
                Directory.CreateDirectory(configuration.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SpoolRefusedException($"cannot create spool.path {configuration.Path}: {e.Message}", e);
        }

        SpoolProgress progress;
        try
        {
            progress = new SpoolProgress(configuration.Path);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new SpoolRefusedException($"cannot write to spool.path {configuration.Path}: {e.Message}", e);
        }
        catch (IOException e)
        {
            throw new SpoolRefusedException($"spool.path {configuration.Path} is used by another process or output, or is not writable ({e.Message}): use a different directory for each", e);
        }

        Spool spool = new(configuration, progress, counters, logger, time);
        try
        {
            spool.OpenSegments();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            spool.Dispose();
            throw new SpoolRefusedException($"cannot read spool.path {configuration.Path}: {e.Message}", e);
        }

        return spool;
    }

    /// <summary>Counts an earlier process's packets and cuts off torn ends. Takes as long as reading them all; appending may go on.</summary>
    public void Recover(CancellationToken cancellationToken)
    {
        SpoolSegment[] earlier;
        lock (_gate)
        {
            earlier = [.. _segments.Where(segment => segment.Packets == 0 && segment != _filling)];
        }

        long found = 0;
        foreach (SpoolSegment segment in earlier)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            long offset = segment.Sequence == progress.Sequence ? Math.Min(progress.Offset, segment.Length) : 0;
            long cut = 0;
            try
            {
                cut = segment.Verify(offset);
            }
            catch (IOException e)
            {
                Log.SpoolUnreadable(logger, segment.Path, e.Message, 0);
            }

            found += segment.Packets;
            counters.AddRecovered(segment.Packets);
            counters.AddSpooled(segment.Packets);
            if (cut > 0)
            {
                Log.SpoolTorn(logger, segment.Path, cut);
                counters.AddRecovered();
                counters.AddDropped(DropReason.SpoolTorn);
            }

            lock (_gate)
            {
                _bytes -= cut;
                if (segment == _segments.First?.Value)
                {
                    _readOffset = _claimedOffset = offset;
                }
            }
        }

        if (found > 0)
        {
            Log.SpoolRecovered(logger, configuration.Path, found);
        }
    }

    private void OpenSegments()
    {
        string[] paths = Directory.GetFiles(configuration.Path, "*" + SpoolSegment.Extension);
        Array.Sort(paths, StringComparer.Ordinal);
        foreach (string path in paths)
        {
            if (SpoolSegment.TryOpen(path, _end) is { } segment)
            {
                _segments.AddLast(segment);
                _end += segment.Length;
                _bytes += segment.Length;
                _lastSequence = Math.Max(_lastSequence, segment.Sequence);
            }
        }
    }
}
