using System.Buffers;
using System.Text;
using System.Text.Json;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace HepBridge.Replay;

/// <summary>
/// Stands in for a switch with mod_amqp: publishes a recording's events as JSON to a real broker, and answers its command profile. Unlike mod_amqp it waits for
/// the broker's confirmation, and for a broker that is away.
/// </summary>
internal sealed class AmqpReplay(Recording recording, PlaybackOptions playbackOptions, AmqpReplayOptions options, TimeProvider time)
{
    private static readonly TimeSpan _retry = TimeSpan.FromSeconds(1);
    private readonly ReplayApi _api = new(recording, time);
    private readonly byte[] _frame = new byte[recording.Frames.Max(static frame => frame.Length)];

    /// <summary>The broker is away, or back.</summary>
    public event Action<string>? Told;

    public long Sent { get; private set; }

    /// <summary>Plays until the end or until canceled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        int next = -1;
        Playback? playback = null;
        while (true)
        {
            try
            {
                await using IConnection connection = await options.Factory.CreateConnectionAsync("hepbridge replay", cancellationToken);
                await ServeCommandsAsync(connection, cancellationToken);
                await using IChannel channel = await connection.CreateChannelAsync(
                    new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellationToken);
                await channel.ExchangeDeclareAsync(options.Exchange, ExchangeType.Topic, durable: true, autoDelete: false, cancellationToken: cancellationToken);
                do
                {
                    playback ??= new Playback(recording, playbackOptions, time);
                    for (next = next < 0 ? playback.First : next; next < recording.Frames.Count; next++)
                    {
                        await PublishAsync(channel, playback, next, cancellationToken);
                    }

                    (playback, next) = (null, -1);
                }
                while (playbackOptions.Loop);
                return;
            }
            catch (Exception e) when (Sent > 0 && e is RabbitMQClientException or IOException or ObjectDisposedException && !cancellationToken.IsCancellationRequested)
            {
                Told?.Invoke($"The broker is away ({e.Message}); waiting for it.");
                await Task.Delay(_retry, time, cancellationToken);
            }
        }
    }

    private async Task PublishAsync(IChannel channel, Playback playback, int index, CancellationToken cancellationToken)
    {
        await playback.WaitAsync(index, cancellationToken);
        RecordedFrame frame = recording.Frames[index];
        _api.MoveTo(index + 1, playback);
        if (frame.IsLog)
        {
            return;
        }

        BasicProperties properties = new()
        {
            ContentType = "text/json",
            Headers = new Dictionary<string, object?> { ["x_Liquid_MessageSentTimeStamp"] = new AmqpTimestamp(time.GetUtcNow().ToUnixTimeSeconds()) },
        };
        await channel.BasicPublishAsync(options.Exchange, RoutingKey(frame), mandatory: false, properties, Json(playback, frame), cancellationToken);
        Sent++;
    }

    private string RoutingKey(RecordedFrame frame) =>
        string.Join('.', options.FormatFields.Select(field => field.StartsWith('#') ? field[1..] : Encode(recording.HeaderOf(frame, Encoding.UTF8.GetBytes(field)))));

    private static string Encode(string value)
    {
        StringBuilder text = new();
        foreach (byte b in Encoding.UTF8.GetBytes(value))
        {
            bool isSafe = char.IsAsciiLetterOrDigit((char)b) || b is (byte)'-' or (byte)'~' or (byte)'_';
            text.Append(isSafe ? ((char)b).ToString() : b == ' ' ? "+" : FormattableString.Invariant($"%{b:X2}"));
        }

        return text.ToString();
    }

    private byte[] Json(Playback playback, RecordedFrame frame)
    {
        playback.Copy(frame, _frame);
        ReadOnlySpan<byte> body = _frame.AsSpan(frame.HeaderLength, frame.BodyLength);
        if (recording.IsJson)
        {
            return body.ToArray();
        }

        ArrayBufferWriter<byte> json = new(body.Length * 2);
        using (Utf8JsonWriter writer = new(json, new JsonWriterOptions { SkipValidation = true }))
        {
            writer.WriteStartObject();
            RecordedHeaders headers = new(body, json: false);
            while (headers.MoveNext())
            {
                writer.WriteString(headers.Name, RecordedEvent.Decode(headers.Value, json: false));
            }

            writer.WriteEndObject();
        }

        return json.WrittenSpan.ToArray();
    }

    private async Task ServeCommandsAsync(IConnection connection, CancellationToken cancellationToken)
    {
        IChannel channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        await channel.ExchangeDeclareAsync(options.CommandExchange, ExchangeType.Topic, durable: true, autoDelete: false, cancellationToken: cancellationToken);
        string queue = await channel.QueueDeclareAsync("", durable: false, exclusive: true, autoDelete: true, cancellationToken: cancellationToken);
        string host = recording.HeaderOf(recording.Frames.First(static frame => !frame.IsLog), "FreeSWITCH-Hostname"u8);
        await channel.QueueBindAsync(queue, options.CommandExchange, host, cancellationToken: cancellationToken);
        AsyncEventingBasicConsumer consumer = new(channel);
        consumer.ReceivedAsync += async (_, message) =>
        {
            if (Header(message, "x-fs-api-resp-exchange") is { } exchange && Header(message, "x-fs-api-resp-key") is { } key)
            {
                string command = Encoding.UTF8.GetString(message.Body.Span);
                await channel.BasicPublishAsync(exchange, key, mandatory: false, new BasicProperties { ContentType = "text/json" }, Reply(command, _api.Execute(command)), CancellationToken.None);
            }
        };
        await channel.BasicConsumeAsync(queue, autoAck: true, consumer, cancellationToken);
    }

    // As mod_amqp reads them: up to the first NUL.
    private static string? Header(BasicDeliverEventArgs message, string name) =>
        message.BasicProperties.Headers?.TryGetValue(name, out object? value) == true && value is byte[] bytes ? Encoding.UTF8.GetString(bytes).Split('\0')[0] : null;

    private static byte[] Reply(string command, byte[] output)
    {
        ArrayBufferWriter<byte> json = new();
        using (Utf8JsonWriter writer = new(json))
        {
            writer.WriteStartObject();
            writer.WriteString("output"u8, output);
            writer.WriteString("command"u8, command);
            writer.WriteNumber("status"u8, 0);
            writer.WriteEndObject();
        }

        return json.WrittenSpan.ToArray();
    }
}

/// <summary>Where the stand-in for mod_amqp publishes, and in which form.</summary>
internal sealed record AmqpReplayOptions
{
    /// <summary>mod_amqp's default.</summary>
    public const string DefaultFormatFields = "#FreeSWITCH,FreeSWITCH-Hostname,Event-Name,Event-Subclass,Unique-ID";

    public required ConnectionFactory Factory { get; init; }

    /// <summary>Its exchange-name.</summary>
    public string Exchange { get; init; } = "TAP.Events";

    /// <summary>The exchange of its command profile; the binding key is the switch's hostname.</summary>
    public string CommandExchange { get; init; } = "TAP.Commands";

    /// <summary>Its format_fields.</summary>
    public IReadOnlyList<string> FormatFields { get; init; } = DefaultFormatFields.Split(',');
}
