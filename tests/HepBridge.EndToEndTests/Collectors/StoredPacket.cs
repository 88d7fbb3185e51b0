using System.Globalization;
using System.Text;
using Npgsql;

namespace HepBridge.EndToEndTests.Collectors;

/// <summary>A packet as stored by a collector: time in µs since 1970, endpoints such as <c>10.9.9.9:5060</c> or <c>[fd99::1]:5060</c>.</summary>
internal sealed record StoredPacket(int Type, string CallId, long Time, string Source, string Destination, string Payload)
{
    /// <summary>From sipcapture's own tables.</summary>
    public static Task<List<StoredPacket>> OfHomer5Async(Kamailio kamailio) => ReadAsync(
        kamailio,
        "select type, call_id, micro_ts, source_ip, source_port, destination_ip, destination_port, payload from captured "
        + $"where type = 1 or node = 'kam:{CollectedSession.Homer5Agent}' order by micro_ts, id");

    /// <summary>Packets received over a transport from the agent with a capture id, and the switch's SIP, which arrives by UDP.</summary>
    public static async Task<List<StoredPacket>> OfEveryTypeAsync(Kamailio kamailio, string via, int captureId)
    {
        List<StoredPacket> packets = await ReadAsync(
            kamailio,
            "select type, correlation_id, seconds * 1000000 + microseconds, source_ip, source_port, destination_ip, destination_port, payload from hep_packet "
            + $"where type = 1 or via = '{via}' and capture_id = {captureId} order by seconds, microseconds, id");
        return [.. packets.Select(static packet => packet.Type == 1 ? packet with { CallId = CallIdOf(packet.Payload) } : packet)];
    }

    public static string End(string address, int port) => string.Create(CultureInfo.InvariantCulture, $"{(address.Contains(':', StringComparison.Ordinal) ? $"[{address}]" : address)}:{port}");

    /// <summary>The Call-ID in a SIP message.</summary>
    public static string CallIdOf(string sip)
    {
        const string Header = "\r\nCall-ID: ";
        int at = sip.IndexOf(Header, StringComparison.Ordinal) + Header.Length;
        return sip[at..sip.IndexOf('\r', at)];
    }

    private static async Task<List<StoredPacket>> ReadAsync(Kamailio kamailio, string query)
    {
        List<StoredPacket> packets = [];
        await using NpgsqlDataReader row = await kamailio.Database.CreateCommand(query).ExecuteReaderAsync();
        while (await row.ReadAsync())
        {
            packets.Add(new StoredPacket(
                row.GetInt32(0),
                row.GetString(1),
                row.GetInt64(2),
                End(row.GetString(3), row.GetInt32(4)),
                End(row.GetString(5), row.GetInt32(6)),
                Encoding.UTF8.GetString(row.GetFieldValue<byte[]>(7))));
        }

        return packets;
    }
}
