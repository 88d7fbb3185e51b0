using System.Globalization;
using System.Text;
using HepBridge.Collector.Printing;
using HepBridge.Configuration;
using HepBridge.FreeSwitch.Events;
using RabbitMQ.Client;

namespace HepBridge.Checks;

/// <summary>Counts the events that arrive, by switch, and looks at their routing keys.</summary>
internal sealed class ArrivingEvents(IChannel channel, bool isShared) : AsyncDefaultBasicConsumer(channel)
{
    private const int MostNames = 16;
    private readonly Lock _gate = new();
    private readonly EventParser _parser = new();
    private readonly SortedSet<string> _switches = new(StringComparer.Ordinal);
    private int _events;
    private int _others;
    private string? _splitKey;

    public override Task HandleBasicDeliverAsync(
        string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey, IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body,
        CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (!_parser.TryParse(body.Span, EventEncoding.Json, out FreeSwitchEvent e, out _))
            {
                _others++;
                return Task.CompletedTask;
            }

            _events++;
            Span<byte> scratch = stackalloc byte[EventLimits.MaxName];
            if (_switches.Count < MostNames)
            {
                _switches.Add(Encoding.UTF8.GetString(e.Get(KnownHeader.FreeSwitchHostname).DecodeId(scratch)));
            }

            if (isShared && routingKey.Contains(Encoding.ASCII.GetString(e.Name), StringComparison.Ordinal))
            {
                _splitKey = routingKey;
            }
        }

        return Task.CompletedTask;
    }

    public void Describe(CheckResults results, TimeSpan patience, AmqpInputConfiguration input)
    {
        lock (_gate)
        {
            if (_others > 0)
            {
                results.Warning(string.Create(CultureInfo.InvariantCulture, $"{_others} messages are no FreeSWITCH events in JSON"), "check what else publishes to this exchange");
            }

            if (_splitKey is not null)
            {
                results.Error(
                    $"the routing key {VisibleText.Line(_splitKey)} names the event, so a switch's events reach several agents",
                    "set format_fields to \"#FreeSWITCH,FreeSWITCH-Hostname\" in amqp.conf.xml");
            }

            if (_events > 0)
            {
                results.Ok(string.Create(CultureInfo.InvariantCulture, $"{_events} events arrived in {patience.TotalSeconds:0.#} s, from {VisibleText.Line(string.Join(", ", _switches))}"));
            }
            else
            {
                results.Warning(
                    string.Create(CultureInfo.InvariantCulture, $"no event arrived in {patience.TotalSeconds:0.#} s"),
                    input.Bindings.Count > 0
                        ? "check bindings against the routing keys that mod_amqp makes (format_fields in amqp.conf.xml)"
                        : "a switch sends a HEARTBEAT every 20 s: check connection, exchange-name, event_filter and format_fields in its amqp.conf.xml, and use a larger --seconds");
            }
        }
    }
}
