using HepBridge.Configuration;
using HepBridge.Inputs.Amqp;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace HepBridge.Tests.Inputs.Amqp;

/// <summary>The broker's own texts (RabbitMQ 3.10), and what HepBridge makes of them.</summary>
public class BrokerFaultsTests
{
    private readonly BrokerFaults _faults = new(new AmqpInputConfiguration { User = "hep", VirtualHost = "voip", Reports = new ReportOptions() }, new HepServer("mq1", 5672), null);

    [Theory]
    [InlineData(530, "NOT_ALLOWED - vhost voip not found", "has no virtual host voip")]
    [InlineData(530, "NOT_ALLOWED - access to vhost 'voip' refused for user 'hep'", "does not let user hep use vhost voip")]
    [InlineData(404, "NOT_FOUND - no exchange 'TAP.Events' in vhost 'voip'", "has no exchange TAP.Events in vhost voip")]
    [InlineData(404, "no queue", "was deleted")]
    [InlineData(406, "PRECONDITION_FAILED - inequivalent arg 'type' for exchange 'TAP.Events' in vhost '/': received 'topic' but current is 'fanout'", "is of type fanout, but bindings need topic")]
    [InlineData(406, "PRECONDITION_FAILED - inequivalent arg 'x-single-active-consumer' for queue 'q.0' in vhost '/': received the value 'true' of type 'bool' but current is none", "exists on RabbitMQ mq1:5672 with other settings")]
    [InlineData(403, "ACCESS_REFUSED - access to queue 'q' in vhost '/' refused for user 'hep'", "rabbitmqctl set_permissions")]
    [InlineData(503, "COMMAND_INVALID - unknown exchange type 'x-consistent-hash'", "rabbitmq-plugins enable rabbitmq_consistent_hash_exchange")]
    [InlineData(320, "CONNECTION_FORCED - broker forced connection closure with reason 'shutdown'", "it stops or an operator closed it")]
    [InlineData(541, "INTERNAL_ERROR", "closed the connection: INTERNAL_ERROR (code 541)")]
    public void Each_fault_has_its_own_sentence(int code, string text, string expected)
    {
        string sentence = _faults.Explain(new ShutdownEventArgs(ShutdownInitiator.Peer, (ushort)code, text, (object?)null!, TestContext.Current.CancellationToken));
        Assert.Contains(expected, sentence, StringComparison.Ordinal);
        Assert.EndsWith(".", sentence, StringComparison.Ordinal);
    }
}
