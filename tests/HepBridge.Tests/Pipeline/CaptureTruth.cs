using System.IO.Compression;
using System.Text.Json;
using HepBridge.Tests.Esl;

namespace HepBridge.Tests.Pipeline;

/// <summary>One leg of the recorded calls, according to the endpoints, the CDRs and the wire.</summary>
internal sealed record TrueLeg(string UniqueId, string? CallId, string? Mos, IReadOnlyDictionary<string, int> Events)
{
    /// <summary>Address and port from which the endpoint sent RTP; null if unknown.</summary>
    public string? PeerMedia { get; init; }

    /// <summary>Address and port that it sent RTP to; null if unknown or never negotiated.</summary>
    public string? SwitchMedia { get; init; }

    /// <summary>Number of SIP messages in mod_sofia's own capture.</summary>
    public int SipMessages { get; init; }
}

/// <summary>One RTCP compound packet on the wire.</summary>
internal sealed record WireRtcp(double Time, bool ToSwitch, string CallId, string Source, string Destination, JsonElement Report);

/// <summary>What really happened while the captures were made.</summary>
internal static class CaptureTruth
{
    public static IReadOnlyList<TrueLeg> Legs { get; } = ReadLegs();

    public static IReadOnlyList<WireRtcp> Rtcp { get; } = ReadRtcp();

    public static IReadOnlyList<string> RegistrationCallIds { get; } = ReadRegistrations();

    /// <summary>The INVITE with the wrong digest: it has no leg of its own, but still appears in events.</summary>
    public static string RefusedCallId { get; } = Expected.GetProperty("calls").EnumerateArray().SelectMany(call => call.GetProperty("legs").EnumerateArray())
        .Single(leg => leg.GetProperty("unique_id").ValueKind == JsonValueKind.Null).GetProperty("sip_call_id").GetString()!;

    private static JsonElement Expected => JsonDocument.Parse(EslCapture.Read("expected.json")).RootElement;

    private static List<TrueLeg> ReadLegs()
    {
        List<TrueLeg> legs = new();
        foreach (JsonElement leg in Expected.GetProperty("calls").EnumerateArray().SelectMany(call => call.GetProperty("legs").EnumerateArray()))
        {
            if (leg.GetProperty("unique_id").GetString() is not { } uniqueId)
            {
                // An INVITE rejected before it had a channel of its own.
                continue;
            }

            Dictionary<string, int> events = leg.GetProperty("esl_observed").EnumerateObject().ToDictionary(item => item.Name, item => item.Value.GetInt32());
            legs.Add(new TrueLeg(
                uniqueId,
                leg.GetProperty("sip_call_id").GetString(),
                leg.TryGetProperty("rtp_audio_in_mos", out JsonElement mos) ? mos.GetString() : null,
                events)
            {
                PeerMedia = Inner(leg, "peer_media", "local_rtp")?.GetString(),
                SwitchMedia = Inner(leg, "peer_media", "remote_rtp")?.GetString(),
                SipMessages = Inner(leg, "sip", "hep_messages")?.GetInt32() ?? 0,
            });
        }

        return legs;
    }

    private static JsonElement? Inner(JsonElement leg, string part, string name) =>
        leg.TryGetProperty(part, out JsonElement inner) && inner.ValueKind == JsonValueKind.Object && inner.TryGetProperty(name, out JsonElement value) ? value : null;

    private static List<string> ReadRegistrations() =>
        [.. Expected.GetProperty("registrations").EnumerateArray().Select(item => item.GetProperty("call_id").GetString()!)];

    private static List<WireRtcp> ReadRtcp()
    {
        using GZipStream file = new(File.OpenRead(EslCapture.Path("rtcp-wire.jsonl.gz")), CompressionMode.Decompress);
        using StreamReader lines = new(file);
        List<WireRtcp> packets = new();
        while (lines.ReadLine() is { } line)
        {
            JsonElement item = JsonDocument.Parse(line).RootElement;
            JsonElement report = item.GetProperty("packets").EnumerateArray().FirstOrDefault(packet => packet.GetProperty("pt").GetInt32() is 200 or 201);
            if (report.ValueKind == JsonValueKind.Object)
            {
                packets.Add(new WireRtcp(
                    item.GetProperty("t").GetDouble(),
                    item.GetProperty("dir").GetString() == "to_fs",
                    item.GetProperty("call_id").GetString()!,
                    item.GetProperty("src").GetString()!,
                    item.GetProperty("dst").GetString()!,
                    report));
            }
        }

        return packets;
    }
}
