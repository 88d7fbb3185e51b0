using System.Text.Json;
using System.Text.Json.Serialization;
using HepBridge.Diagnostics;
using HepBridge.Outputs;
using Microsoft.Extensions.Logging;

namespace HepBridge.Inputs.LogFiles;

/// <summary>How far a file was read: its name at the time, its identity, and its content up to there.</summary>
/// <param name="Path">The followed name.</param>
/// <param name="Identity">The file.</param>
/// <param name="Mark">Position and content.</param>
/// <param name="SeenUtc">All rotated files last written before this time have been seen.</param>
/// <param name="Seen">Those written since that have been seen as well.</param>
internal sealed record LogFilePosition(string Path, FileIdentity Identity, ContentMark Mark, DateTime SeenUtc, FileIdentity[] Seen)
{
    /// <summary>Whether two positions are the same place, whenever they were taken.</summary>
    public bool IsSamePlace(LogFilePosition other) => (Path, Identity, Mark) == (other.Path, other.Identity, other.Mark);
}

/// <summary>The position file (<c>state_path</c>): JSON, replaced atomically.</summary>
internal sealed class LogFilePositions(string path)
{
    public string Path => path;

    /// <summary>The positions saved by the last run; none if there is no file.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Its permissions forbid it.</exception>
    /// <exception cref="JsonException">It is not a position file.</exception>
    public IReadOnlyList<LogFilePosition> Load() =>
        File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), LogFileJson.Default.LogFilePositionArray) ?? [] : [];

    /// <summary>Replaces the file.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Its permissions forbid it.</exception>
    public void Save(IReadOnlyList<LogFilePosition> positions)
    {
        string next = path + ".new";
        File.WriteAllBytes(next, JsonSerializer.SerializeToUtf8Bytes([.. positions], LogFileJson.Default.LogFilePositionArray));
        File.Move(next, path, overwrite: true);
    }
}

[JsonSerializable(typeof(LogFilePosition[]))]
internal sealed partial class LogFileJson : JsonSerializerContext;

/// <summary>Saves a position once the packets of all lines before it have left the outputs' memory: an agent that is killed repeats lines, but loses none.</summary>
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
