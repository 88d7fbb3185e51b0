using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using HepBridge.Replay;
using RabbitMQ.Client;

namespace HepBridge.Benchmarks.Rates;

/// <summary>The recorded events as mod_amqp's messages, each with a sequence of its own: doubles would not be processed.</summary>
internal static class AmqpMessages
{
    private const string Sequence = "Event-Sequence";
    private const int InFlight = 500;

    public static async Task PublishAsync(int port, int count, bool isSmall)
    {
        List<(string Key, byte[] Before, byte[] After)> messages = Messages();
        if (isSmall)
        {
            messages = [messages.MinBy(message => message.Before.Length + message.After.Length)];
        }

        await using IConnection connection = await new ConnectionFactory { HostName = "127.0.0.1", Port = port }.CreateConnectionAsync();
        await using IChannel channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        BasicProperties properties = new() { ContentType = "text/json" };
        List<Task> open = [];
        for (int i = 0; i < count; i++)
        {
            (string key, byte[] before, byte[] after) = messages[i % messages.Count];
            byte[] body = [.. before, .. Encoding.ASCII.GetBytes((1_000_000 + i).ToString(CultureInfo.InvariantCulture)), .. after];
            open.Add(channel.BasicPublishAsync("TAP.Events", key, mandatory: false, properties, body).AsTask());
            if (open.Count == InFlight)
            {
                await Task.WhenAll(open);
                open.Clear();
            }
        }

        await Task.WhenAll(open);
    }

    // The body around the sequence.
    private static List<(string, byte[], byte[])> Messages()
    {
        List<(string, byte[], byte[])> messages = [];
        foreach (byte[] plain in RateSender.Events())
        {
            ArrayBufferWriter<byte> json = new();
            string name = "";
            string subclass = "";
            using (Utf8JsonWriter writer = new(json))
            {
                writer.WriteStartObject();
                RecordedHeaders headers = new(plain, json: false);
                while (headers.MoveNext())
                {
                    string header = Encoding.UTF8.GetString(headers.Name);
                    string value = RecordedEvent.Decode(headers.Value, json: false);
                    (name, subclass) = (header == "Event-Name" ? value : name, header == "Event-Subclass" ? value : subclass);
                    writer.WriteString(header, header == Sequence ? Sequence : value);
                }

                writer.WriteEndObject();
            }

            string[] parts = Encoding.UTF8.GetString(json.WrittenSpan).Split($"\"{Sequence}\":\"{Sequence}\"");
            messages.Add(($"FreeSWITCH.fs.{name}.{subclass.Replace(":", "%3A", StringComparison.Ordinal)}.", Encoding.UTF8.GetBytes($"{parts[0]}\"{Sequence}\":\""), Encoding.UTF8.GetBytes($"\"{parts[1]}")));
        }

        return messages;
    }
}
