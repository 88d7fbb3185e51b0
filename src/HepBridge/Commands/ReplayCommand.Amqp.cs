using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using HepBridge.Configuration;
using HepBridge.Configuration.Values;
using HepBridge.Replay;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace HepBridge.Commands;

/// <summary><c>replay FILE --amqp BROKER</c>: stands in for a switch with mod_amqp.</summary>
internal static partial class ReplayCommand
{
    private const int DefaultAmqpPort = 5672;

    private static readonly Option<string?> _amqp = new("--amqp") { Description = "Instead of listening, publish the events to this RabbitMQ broker like mod_amqp, HOST or HOST:PORT, and answer its commands" };
    private static readonly Option<string> _amqpUser = new("--amqp-user") { Description = "With --amqp: user of the broker", DefaultValueFactory = static _ => "guest" };
    private static readonly Option<string> _amqpPassword = new("--amqp-password") { Description = "With --amqp: password of the user", DefaultValueFactory = static _ => "guest" };
    private static readonly Option<string> _amqpVirtualHost = new("--amqp-vhost") { Description = "With --amqp: virtual host", DefaultValueFactory = static _ => "/" };
    private static readonly Option<string> _amqpExchange = new("--amqp-exchange") { Description = "With --amqp: topic exchange, declared if it is missing", DefaultValueFactory = static _ => "TAP.Events" };
    private static readonly Option<string> _formatFields = new("--format-fields") { Description = "With --amqp: the headers that make the routing key, as in amqp.conf.xml", DefaultValueFactory = static _ => AmqpReplayOptions.DefaultFormatFields };

    private static void CheckAmqpOptions() =>
        _amqp.Require(static result => TryParseBroker(result.GetValueOrDefault<string>(), out _), "--amqp must be a host with or without a port, such as mq1:5672.");

    private static async Task<int> PublishAsync(ParseResult parsed, Recording recording, HepServer broker, CancellationToken cancellationToken)
    {
        TextWriter output = parsed.InvocationConfiguration.Output;
        TextWriter error = parsed.InvocationConfiguration.Error;
        ConnectionFactory factory = new()
        {
            HostName = broker.Host,
            Port = broker.Port == 0 ? DefaultAmqpPort : broker.Port,
            UserName = parsed.GetValue(_amqpUser)!,
            Password = parsed.GetValue(_amqpPassword)!,
            VirtualHost = parsed.GetValue(_amqpVirtualHost)!,
            AutomaticRecoveryEnabled = false,
        };
        AmqpReplay replay = new(
            recording,
            OptionsOf(parsed).Playback,
            new AmqpReplayOptions { Factory = factory, Exchange = parsed.GetValue(_amqpExchange)!, FormatFields = parsed.GetValue(_formatFields)!.Split(',') },
            TimeProvider.System);
        replay.Told += output.WriteLine;
        await output.WriteLineAsync($"Publishing to {factory.HostName}:{factory.Port}. Ctrl-C ends.");
        try
        {
            await replay.RunAsync(cancellationToken);
            return 0;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C is the regular end.
            return 0;
        }
        catch (Exception e) when (e is RabbitMQClientException or IOException)
        {
            await error.WriteLineAsync($"Cannot publish to {factory.HostName}:{factory.Port}: {(e.InnerException ?? e).Message}");
            return 1;
        }
        finally
        {
            await output.WriteLineAsync($"{replay.Sent} events sent.");
        }
    }

    private static bool TryParseBroker(string? text, [NotNullWhen(true)] out HepServer? broker)
    {
        broker = null;
        return text is not null && Address.Server.TryMake(text, out broker);
    }
}
