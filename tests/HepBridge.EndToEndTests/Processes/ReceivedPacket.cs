using System.Text.Json;

namespace HepBridge.EndToEndTests.Processes;

/// <summary>The fields that tests use from a line of <c>listen --json</c>.</summary>
internal readonly record struct ReceivedPacket(int Type, string CallId)
{
    public const int Rtcp = 5;
    public const int Qos = 35;
    public const int Log = 100;

    /// <summary>Parses a line; null if it is not a packet.</summary>
    public static ReceivedPacket? Of(string line)
    {
        if (!line.StartsWith('{'))
        {
            return null;
        }

        using JsonDocument packet = JsonDocument.Parse(line);
        JsonElement root = packet.RootElement;
        return new ReceivedPacket(root.GetProperty("type").GetInt32(), root.TryGetProperty("correlation_id", out JsonElement id) ? id.GetString() ?? "" : "");
    }

    /// <summary>The packets among the lines.</summary>
    public static IReadOnlyList<ReceivedPacket> AllOf(IEnumerable<string> lines) => [.. lines.Select(Of).OfType<ReceivedPacket>()];
}
