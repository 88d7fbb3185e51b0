using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using HepBridge.EndToEndTests.Processes;
using HepBridge.Hep;
using Npgsql;

namespace HepBridge.EndToEndTests.Collectors;

/// <summary>
/// Calls whose Call-IDs contain percent signs, stored in a real PostgreSQL: packet by packet by Kamailio, and in one
/// COPY like Homer 7's heplify-server.
/// </summary>
public sealed class OddCallIdTests
{
    [Theory]
    [InlineData("percent-call-ids-plain.bin", "plain", "a%41b@192.0.2.10|a%b@192.0.2.10|u{cX82048234578%bekJulHgQiB0e@192.0.2.10|%E9t%E9%40192.0.2.10|x%00y%40192.0.2.10|a%zz%4@192.0.2.10|a+b c@192.0.2.10|100%")]
    [InlineData("percent-call-ids-json.bin", "json", "a%41b@192.0.2.10|a%25b@192.0.2.10|u{cX82048234578%bekJulHgQiB0e@192.0.2.10|%E9t%E9@192.0.2.10|x%00y@192.0.2.10|a%zz%4@192.0.2.10|a+b c@192.0.2.10|100%")]
    [InlineData("one-bad-call-id.bin", "plain", "%E9t%E9%40192.0.2.10|good0@192.0.2.10|good1@192.0.2.10|good2@192.0.2.10|good3@192.0.2.10|good4@192.0.2.10|good5@192.0.2.10|good6@192.0.2.10")]
    public async Task Every_row_is_stored_under_the_Call_ID_of_its_text(string stream, string format, string callIds)
    {
        Packages.RequireKamailioAndPostgres();
        string[] expected = [.. callIds.Split('|').Order(StringComparer.Ordinal)];
        await using PostgresServer postgres = await PostgresServer.StartAsync();
        await using Kamailio kamailio = await Kamailio.StartForEveryTypeAsync(postgres, "odd_ids");
        using UdpClient homer7 = new(new IPEndPoint(IPAddress.Loopback, 0));
        homer7.Client.ReceiveBufferSize = 1 << 20;
        await using Setup setup = new();
        HepBridgeProcess agent = await PlayAsync(setup, stream, format, kamailio.Port, ((IPEndPoint)homer7.Client.LocalEndPoint!).Port);
        long made = long.Parse(await agent.MatchesAsync(@"Total: .*; (\d+) packets;"), CultureInfo.InvariantCulture);

        await kamailio.CountsAsync(made, "select count(*) from hep_packet where type = 100");
        Assert.Equal(expected, await TextsAsync(kamailio.Database, "select distinct correlation_id from hep_packet"));
        Assert.Equal(made, await CopyAsync(kamailio.Database, homer7, made));
        Assert.Equal(expected, await TextsAsync(kamailio.Database, "select distinct sid from hep_proto_100_default"));
        Assert.Equal(
            [made], await NumbersAsync(kamailio.Database, "select count(*) from hep_proto_100_default where raw like '%; callid=' || replace(sid, '%', '\\%') || ' uuid=%'"));
    }

    private static async Task<HepBridgeProcess> PlayAsync(Setup setup, string stream, string format, params int[] ports)
    {
        HepBridgeProcess replay = await setup.StartSwitchOfAsync(Path.Combine(AppContext.BaseDirectory, "Captures", "cases", stream), "--burst", "--once", "--keep-times");
        JsonObject configuration = setup.Configuration("call");
        configuration["hep_config"] = new JsonArray([.. ports.Select(static port => CollectedSession.Collector(port))]);
        configuration["reports"] = new JsonObject { ["max_clock_skew"] = 0 };
        configuration["esl_config"]!["event_format"] = format;
        setup.Save(configuration);
        HepBridgeProcess agent = setup.Start("run");
        Assert.Equal(0, await replay.ExitAsync());
        await agent.SeesAsync("closed the connection. Retrying");
        Assert.Equal(0, await agent.EndAsync());
        return agent;
    }

    // heplify-server writes all rows of some milliseconds in one COPY; a row that PostgreSQL rejects fails all of them.
    private static async Task<long> CopyAsync(NpgsqlDataSource database, UdpClient socket, long packets)
    {
        await database.CreateCommand("create table hep_proto_100_default (sid text, raw text)").ExecuteNonQueryAsync();
        await using NpgsqlConnection connection = await database.OpenConnectionAsync();
        await using Stream copy = await connection.BeginRawBinaryCopyAsync("copy hep_proto_100_default (sid, raw) from stdin (format binary)");
        await copy.WriteAsync((byte[])[.. "PGCOPY\n"u8, 0xff, .. "\r\n\0"u8, .. new byte[8]], TestContext.Current.CancellationToken);
        for (long i = 0; i < packets; i++)
        {
            UdpReceiveResult datagram = await socket.ReceiveAsync(TestContext.Current.CancellationToken);
            await copy.WriteAsync(Row(datagram.Buffer), TestContext.Current.CancellationToken);
        }

        await copy.WriteAsync((byte[])[0xff, 0xff], TestContext.Current.CancellationToken);
        await copy.DisposeAsync();
        return (await NumbersAsync(database, "select count(*) from hep_proto_100_default"))[0];
    }

    // The bytes as received: nothing is repaired here.
    private static byte[] Row(byte[] bytes)
    {
        Assert.True(HepDecoder.TryDecode(bytes, out HepPacket packet, out _));
        return [0, 2, .. Field(packet.CorrelationId), .. Field(packet.Payload)];
    }

    private static byte[] Field(ReadOnlySpan<byte> value)
    {
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, value.Length);
        return [.. length, .. value];
    }

    private static async Task<string[]> TextsAsync(NpgsqlDataSource database, string query)
    {
        List<string> texts = [];
        await using NpgsqlDataReader row = await database.CreateCommand(query).ExecuteReaderAsync();
        while (await row.ReadAsync())
        {
            texts.Add(row.GetString(0));
        }

        return [.. texts.Order(StringComparer.Ordinal)];
    }

    private static async Task<long[]> NumbersAsync(NpgsqlDataSource database, string query) => [(long)(await database.CreateCommand(query).ExecuteScalarAsync())!];
}
