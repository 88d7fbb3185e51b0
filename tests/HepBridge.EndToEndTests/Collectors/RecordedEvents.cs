using System.Globalization;
using System.Text;
using HepBridge.Tests.Esl;
using HepBridge.Tests.Pipeline;

namespace HepBridge.EndToEndTests.Collectors;

/// <summary>An event of a leg in the recording: its name, and its time in µs since 1970.</summary>
internal sealed record RecordedEvent(string UniqueId, string Name, long Time);

/// <summary>The recorded events of legs, parsed without any code of HepBridge, to compare its output with.</summary>
internal static class RecordedEvents
{
    private static readonly Dictionary<string, string> _callIds = [];

    /// <summary>The events of legs, in order of arrival.</summary>
    public static IReadOnlyList<RecordedEvent> All { get; } = Read();

    /// <summary>The Call-ID of each leg that has one, by Unique-ID: the last one in any of its events.</summary>
    public static IReadOnlyDictionary<string, string> CallIds => _callIds;

    private static List<RecordedEvent> Read()
    {
        List<RecordedEvent> events = [];
        ReadOnlySpan<byte> rest = EslCapture.Read("esl-plain.bin.gz");
        while (!rest.IsEmpty)
        {
            int end = rest.IndexOf("\n\n"u8) + 2;
            Dictionary<string, string> frame = Headers(rest[..end]);
            int length = int.Parse(frame.GetValueOrDefault("Content-Length", "0"), CultureInfo.InvariantCulture);
            if (frame.GetValueOrDefault("Content-Type") == "text/event-plain")
            {
                Dictionary<string, string> headers = Headers(rest.Slice(end, length));
                if (headers.TryGetValue("Unique-ID", out string? uniqueId))
                {
                    events.Add(new RecordedEvent(uniqueId, headers["Event-Name"], long.Parse(headers["Event-Date-Timestamp"], CultureInfo.InvariantCulture)));
                    if (headers.TryGetValue("variable_sip_call_id", out string? callId))
                    {
                        _callIds[uniqueId] = callId;
                    }
                }
            }

            rest = rest[(end + length)..];
        }

        // The switch and the endpoints agree.
        Assert.All(CaptureTruth.Legs, leg => Assert.Equal(leg.CallId, _callIds.GetValueOrDefault(leg.UniqueId)));
        return events;
    }

    /// <summary>Header lines up to the blank one; the first of duplicate names wins.</summary>
    private static Dictionary<string, string> Headers(ReadOnlySpan<byte> text)
    {
        Dictionary<string, string> headers = [];
        foreach (string line in Encoding.UTF8.GetString(text).Split("\n\n")[0].Split('\n'))
        {
            int colon = line.IndexOf(": ", StringComparison.Ordinal);
            if (colon > 0)
            {
                headers.TryAdd(line[..colon], Uri.UnescapeDataString(line[(colon + 2)..]));
            }
        }

        return headers;
    }
}
