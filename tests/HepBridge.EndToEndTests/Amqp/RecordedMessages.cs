using System.IO.Compression;
using System.Text;
using System.Text.Json;
using RabbitMQ.Client;

namespace HepBridge.EndToEndTests.Amqp;

/// <summary>The messages that mod_amqp published during the recorded session.</summary>
internal static class RecordedMessages
{
    private const string Host = "fs-alpha";
    private const string Core = "178218bc-08aa";

    public static IReadOnlyList<(string Key, string Body)> All { get; } = Read();

    private static readonly string[] _callIds = ReadCallIds();

    /// <summary>The same from a switch of another name, with Call-IDs of its own; the routing key names only the switch.</summary>
    public static IEnumerable<(string Key, string Body)> Of(int number) => All.Select(message =>
    {
        StringBuilder body = new(message.Body);
        body.Replace(Host, $"{Host}-{number}").Replace(Core, $"{number:d8}-08aa");
        foreach (string callId in _callIds)
        {
            body.Replace(callId, $"s{number}-{callId}");
        }

        return ($"FreeSWITCH.{Host}-{number}", body.ToString());
    });

    /// <summary>Publishes and waits for the broker's confirmation.</summary>
    public static async Task PublishAsync(IConnection connection, IEnumerable<(string Key, string Body)> messages)
    {
        await using IChannel channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        foreach ((string key, string body) in messages)
        {
            await channel.BasicPublishAsync("TAP.Events", key, mandatory: false, new BasicProperties { ContentType = "text/json" }, Encoding.UTF8.GetBytes(body));
        }
    }

    public static async Task DeclareExchangeAsync(IConnection connection)
    {
        await using IChannel channel = await connection.CreateChannelAsync();
        await channel.ExchangeDeclareAsync("TAP.Events", ExchangeType.Topic, durable: true);
    }

    private static string[] ReadCallIds() =>
    [
        .. All.Select(message =>
        {
            using JsonDocument body = JsonDocument.Parse(message.Body);
            return body.RootElement.TryGetProperty("variable_sip_call_id", out JsonElement callId) ? callId.GetString()! : "";
        }).Where(callId => callId.Length > 0).Distinct(StringComparer.Ordinal),
    ];

    private static List<(string, string)> Read()
    {
        using FileStream file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Captures", "amqp-events.jsonl.gz"));
        using StreamReader lines = new(new GZipStream(file, CompressionMode.Decompress));
        List<(string, string)> messages = [];
        while (lines.ReadLine() is { } line)
        {
            using JsonDocument message = JsonDocument.Parse(line);
            messages.Add((message.RootElement.GetProperty("routing_key").GetString()!, message.RootElement.GetProperty("body").GetString()!));
        }

        return messages;
    }
}
