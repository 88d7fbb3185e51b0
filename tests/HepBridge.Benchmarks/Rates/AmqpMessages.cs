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

    public static async Task PublishAsync(int port, string queue, int count, bool isSmall)
    {
        List<(byte[] Before, byte[] After)> messages = Messages();
        if (isSmall)
        {
            messages = [messages.MinBy(message => message.Before.Length + message.After.Length)];
        }

        // Without confirmations, which would take minutes: whoever fills a queue waits for its depth.
        await using IConnection connection = await new ConnectionFactory { HostName = "127.0.0.1", Port = port }.CreateConnectionAsync();
        await using IChannel channel = await connection.CreateChannelAsync();
        BasicProperties properties = new() { ContentType = "text/json" };
        for (int i = 0; i < count; i++)
        {
            (byte[] before, byte[] after) = messages[i % messages.Count];
            byte[] body = [.. before, .. Encoding.ASCII.GetBytes((1_000_000 + i).ToString(CultureInfo.InvariantCulture)), .. after];
            await channel.BasicPublishAsync("", queue, mandatory: false, properties, body);
        }

        await channel.CloseAsync();
    }

    // The body around the sequence.
    private static List<(byte[], byte[])> Messages()
    {
        List<(byte[], byte[])> messages = [];
        foreach (byte[] plain in RateSender.Events())
        {
            ArrayBufferWriter<byte> json = new();
            using (Utf8JsonWriter writer = new(json))
            {
                writer.WriteStartObject();
                RecordedHeaders headers = new(plain, json: false);
                while (headers.MoveNext())
                {
                    string header = Encoding.UTF8.GetString(headers.Name);
                    string value = RecordedEvent.Decode(headers.Value, json: false);
                    writer.WriteString(header, header == Sequence ? Sequence : value);
                }

                writer.WriteEndObject();
            }

            string[] parts = Encoding.UTF8.GetString(json.WrittenSpan).Split($"\"{Sequence}\":\"{Sequence}\"");
            messages.Add((Encoding.UTF8.GetBytes($"{parts[0]}\"{Sequence}\":\""), Encoding.UTF8.GetBytes($"\"{parts[1]}")));
        }

        return messages;
    }
}
