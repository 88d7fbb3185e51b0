using System.Text.Json;
using HepBridge.Diagnostics;
using HepBridge.Outputs;
using Microsoft.Extensions.Logging;

namespace HepBridge.Inputs.LogFiles;

/// <summary>
/// Saves a position once the packets of all lines before it have left the outputs' memory: an agent that is killed
/// repeats lines, but loses none.
/// </summary>
internal sealed class PositionKeeper(LogFilePositions? file, ILogger log)
{
    private IReadOnlyList<LogFilePosition> _saved = [];
    private IReadOnlyList<LogFilePosition>? _next;
    private (OutputCounters Counters, long Offered)[] _marks = [];
    private bool _failed;

    /// <summary>The positions of the last run; none, with a warning, if they cannot be read.</summary>
    public IReadOnlyList<LogFilePosition> Load()
    {
        try
        {
            return _saved = file?.Load() ?? [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            Log.LogPositionsUnreadable(log, file!.Path, e.Message);
            return [];
        }
    }

    /// <summary>Records positions whose lines have all been offered to the outputs. Requires the pipeline's lock.</summary>
    public void Note(IEnumerable<LogFilePosition> positions, IReadOnlyList<IOutput> outputs)
    {
        if (file is not null && _next is null)
        {
            _next = [.. positions];
            _marks = [.. outputs.Select(output => (output.Counters, output.Counters.Offered))];
        }
    }

    /// <summary>Saves the recorded positions if their packets were sent, spooled or dropped.</summary>
    /// <param name="isLast">The agent is stopping: the outputs drain after this call.</param>
    public void Save(bool isLast)
    {
        if (_next is null || !(isLast || Array.TrueForAll(_marks, mark => mark.Counters.Offered - mark.Counters.Queued >= mark.Offered)))
        {
            return;
        }

        IReadOnlyList<LogFilePosition> next = _next;
        _next = null;
        if (next.Count == _saved.Count && next.Zip(_saved).All(pair => pair.First.IsSamePlace(pair.Second)))
        {
            return;
        }

        try
        {
            file!.Save(next);
            _saved = next;
            _failed = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!_failed)
            {
                _failed = true;
                Log.LogPositionsNotSaved(log, file!.Path, e.Message);
            }
        }
    }

    /// <summary>Forgets the recorded positions, so that later ones can be recorded.</summary>
    public void Discard() => _next = null;
}
