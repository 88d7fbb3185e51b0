using System.Text.Json;
using System.Text.Json.Serialization;

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
