using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using HepBridge.Configuration;
using HepBridge.FreeSwitch.Esl;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace HepBridge.Inputs.Amqp;

/// <summary>
/// API commands of one switch by mod_amqp's command profile: the command is the message, and the reply <c>{"output": …, "command": …, "status": …}</c> comes to a
/// queue of this client.
/// </summary>
internal sealed class CommandClient(IChannel channel, AmqpInputConfiguration configuration, string host, TimeProvider time) : IApiClient
{
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(5);
    private readonly Channel<(string Command, byte[] Output)> _replies = Channel.CreateBounded<(string, byte[])>(new BoundedChannelOptions(16) { FullMode = BoundedChannelFullMode.DropOldest });
    private string _queue = "";
    private volatile bool _isReturned;

    public static async Task<CommandClient> OpenAsync(
        IConnection connection, AmqpInputConfiguration configuration, string host, TimeProvider time, CancellationToken cancellationToken)
    {
        IChannel channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        CommandClient client = new(channel, configuration, host, time);
        await client.StartAsync(cancellationToken);
        return client;
    }

    public async Task<(EslReply? Reply, EslOutcome Outcome)> AskAsync(string command, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(_timeout, time);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            BasicProperties properties = new()
            {
                ContentType = "text/plain",

                // mod_amqp takes these for strings that end with NUL, and AMQP's do not.
                Headers = new Dictionary<string, object?> { ["x-fs-api-resp-exchange"] = "\0"u8.ToArray(), ["x-fs-api-resp-key"] = Encoding.ASCII.GetBytes(_queue + "\0") },
            };
            _isReturned = false;
            string key = configuration.CommandKey.Replace("{host}", host, StringComparison.Ordinal);
            await channel.BasicPublishAsync(configuration.CommandExchange!, key, mandatory: true, properties, Encoding.UTF8.GetBytes(command), both.Token);
            while (true)
            {
                (string echoed, byte[] output) = await _replies.Reader.ReadAsync(both.Token);
                if (echoed == command)
                {
                    return (EslReply.OfApi(output), EslOutcome.Success);
                }

                if (_isReturned)
                {
                    return (null, new EslOutcome(
                        EslDisconnectReason.CannotConnect,
                        $"no command profile of mod_amqp is bound to {configuration.CommandExchange} with the key {key}: set its binding_key, or correct command_key."));
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, new EslOutcome(EslDisconnectReason.TimedOut, FormattableString.Invariant($"no reply to '{command}' in {_timeout.TotalSeconds:0} s.")));
        }
        catch (Exception e) when (BrokerFaults.IsFault(e))
        {
            return (null, new EslOutcome(EslDisconnectReason.Broken, $"the broker refuses commands to {configuration.CommandExchange}: {e.Message}"));
        }
    }

    public EslOutcome Refused(string command, string reply) => new(EslDisconnectReason.SubscriptionRefused, $"it answered '{command}' with '{reply}'.");

    public async ValueTask DisposeAsync()
    {
        try
        {
            await channel.CloseAsync();
        }
        catch (Exception e) when (BrokerFaults.IsFault(e))
        {
            // Closed already.
        }

        await channel.DisposeAsync();
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        _queue = await channel.QueueDeclareAsync("", durable: false, exclusive: true, autoDelete: true, cancellationToken: cancellationToken);
        AsyncEventingBasicConsumer consumer = new(channel);
        consumer.ReceivedAsync += (_, message) =>
        {
            if (TryRead(message.Body.Span, out string command, out byte[] output))
            {
                _replies.Writer.TryWrite((command, output));
            }

            return Task.CompletedTask;
        };
        channel.BasicReturnAsync += (_, _) =>
        {
            _isReturned = true;
            _replies.Writer.TryWrite(("", []));
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(_queue, autoAck: true, consumer, cancellationToken);
    }

    internal static bool TryRead(ReadOnlySpan<byte> json, out string command, out byte[] output)
    {
        (command, output) = ("", []);
        try
        {
            Utf8JsonReader reader = new(json);
            using JsonDocument reply = JsonDocument.ParseValue(ref reader);
            if (reply.RootElement is not { ValueKind: JsonValueKind.Object } members
                || !members.TryGetProperty("command"u8, out JsonElement echoed) || echoed.ValueKind != JsonValueKind.String
                || !members.TryGetProperty("output"u8, out JsonElement given) || given.ValueKind != JsonValueKind.String)
            {
                return false;
            }

            (command, output) = (echoed.GetString()!, Encoding.UTF8.GetBytes(given.GetString()!));
            return command.Length > 0;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
