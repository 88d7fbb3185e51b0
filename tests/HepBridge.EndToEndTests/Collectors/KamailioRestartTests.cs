using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using HepBridge.EndToEndTests.Processes;
using HepBridge.Hep;
using Npgsql;

namespace HepBridge.EndToEndTests.Collectors;

/// <summary>A real TCP collector that is killed during calls, and comes back.</summary>
public sealed class KamailioRestartTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("0s")]
    [InlineData("10s")]
    public async Task A_killed_Kamailio_loses_only_its_kernel_buffers_and_a_resend_window_recovers_those(string resendWindow)
    {
        Packages.RequireKamailioAndPostgres();
        await using PostgresServer postgres = await PostgresServer.StartAsync();
        await using Kamailio kamailio = await Kamailio.StartForEveryTypeAsync(postgres, "restarted");
        using Socket witness = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 4 << 20 };
        witness.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await using Setup setup = new();
        JsonObject tcp = CollectedSession.Collector(kamailio.Port, "tcp");
        tcp["resend_window"] = resendWindow;

        // The witness receives the same packets by UDP, in the order in which they were sent.
        Task<HepBridgeProcess> playing = CollectedSession.PlayAsync(setup, "20", "reference", tcp, CollectedSession.Collector(((IPEndPoint)witness.LocalEndPoint!).Port));
        List<string> sent = [];
        await ReadAsync(witness, sent, 60);
        await using (NpgsqlConnection writer = await kamailio.Database.OpenConnectionAsync())
        {
            // Kamailio waits for its database, stops reading, and is killed with data in its kernel buffers.
            await using NpgsqlTransaction held = await writer.BeginTransactionAsync();
            await new NpgsqlCommand("lock table hep_packet in exclusive mode", writer, held).ExecuteNonQueryAsync();
            await ReadAsync(witness, sent, 120);
            await kamailio.CrashAsync();
        }

        await kamailio.StartAgainAsync();
        HepBridgeProcess agent = await playing;

        Assert.Contains(agent.Lines, static line => line.Contains("tcp 127.0.0.1:", StringComparison.Ordinal) && line.Contains("connection lost", StringComparison.Ordinal));
        int made = int.Parse(await agent.MatchesAsync(@"Total: .*; (\d+) packets;"), CultureInfo.InvariantCulture);
        await ReadAsync(witness, sent, made);
        List<string> stored = await StoredAsync(kamailio, sent[^1]);
        int[] missing = [.. Enumerable.Range(0, made).Where(number => !stored.Contains(sent[number]))];
        int twice = stored.Count - stored.Distinct().Count();
        output.WriteLine($"{made} sent, {missing.Length} missing, {twice} twice");

        Assert.Equal(made, sent.Distinct().Count());
        Assert.Subset(sent.ToHashSet(), stored.ToHashSet());
        if (resendWindow == "0s")
        {
            // One contiguous gap, and no duplicates.
            Assert.NotEmpty(missing);
            Assert.Equal(Enumerable.Range(missing[0], missing.Length), missing);
            Assert.Equal(0, twice);
        }
        else
        {
            Assert.Empty(missing);
        }
    }

    /// <summary>Reads until it has seen this many packets in total.</summary>
    private static async Task ReadAsync(Socket witness, List<string> seen, int packets)
    {
        byte[] buffer = new byte[HepEncoder.MaxPacketLength];
        while (seen.Count < packets)
        {
            seen.Add(Name(buffer.AsSpan(0, await witness.ReceiveAsync(buffer, TestContext.Current.CancellationToken))));
        }
    }

    private static string Name(ReadOnlySpan<byte> packet)
    {
        Assert.True(HepDecoder.TryDecode(packet, out HepPacket decoded, out _));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{(int)decoded.PayloadType} {decoded.Seconds}.{decoded.Microseconds:000000} {Encoding.UTF8.GetString(decoded.CorrelationId)} {Encoding.UTF8.GetString(decoded.Payload)}");
    }

    /// <summary>The contents of the database once the last packet is stored.</summary>
    private static async Task<List<string>> StoredAsync(Kamailio kamailio, string last)
    {
        const string Stored = "select concat(type, ' ', seconds, '.', lpad(microseconds::text, 6, '0'), ' ', correlation_id, ' ', convert_from(payload, 'UTF8')) as name from hep_packet order by id";
        await using NpgsqlCommand lastOnes = kamailio.Database.CreateCommand($"select count(*) from ({Stored}) as stored where name = $1");
        lastOnes.Parameters.AddWithValue(last);
        await kamailio.HasAsync(1, lastOnes);
        List<string> stored = [];
        await using NpgsqlDataReader row = await kamailio.Database.CreateCommand(Stored).ExecuteReaderAsync();
        while (await row.ReadAsync())
        {
            stored.Add(row.GetString(0));
        }

        return stored;
    }
}
