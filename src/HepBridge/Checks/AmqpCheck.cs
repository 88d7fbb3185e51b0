using HepBridge.Configuration;
using HepBridge.Inputs.Amqp;
using HepBridge.Reports;
using RabbitMQ.Client;

namespace HepBridge.Checks;

/// <summary>Logs in to each broker, looks at exchange, plugin and queues, and listens for a while on a queue of its own.</summary>
internal sealed class AmqpCheck(AmqpInputConfiguration input, TimeProvider time, TimeSpan patience) : ICheck
{
    public string Subject => input.Identity;

    public async Task RunAsync(CheckResults results, CancellationToken cancellationToken)
    {
        BrokerConnector connector = new(input, time);
        foreach (HepServer server in input.Servers)
        {
            BrokerConnection broker;
            try
            {
                broker = await connector.ConnectAsync(server, "check", cancellationToken);
            }
            catch (BrokerException e)
            {
                results.Error(e.Message.TrimEnd('.'), null);
                continue;
            }

            results.Ok($"{server}: logged in as {input.User}, vhost {input.VirtualHost}");
            try
            {
                await LookAsync(broker, results, cancellationToken);
            }
            catch (Exception e) when (BrokerFaults.IsFault(e))
            {
                results.Error(broker.Faults.Explain(e).TrimEnd('.'), null);
            }
            finally
            {
                await BrokerConnector.CloseAsync(broker.Connection);
            }
        }
    }

    private async Task LookAsync(BrokerConnection broker, CheckResults results, CancellationToken cancellationToken)
    {
        QueueProbe probe = new(input, broker, time, results);
        await probe.LookAtPluginAsync(cancellationToken);
        foreach (string queue in input.QueueNames)
        {
            await probe.LookAtQueueAsync(queue, cancellationToken);
        }

        probe.Summarize();
        await ListenAsync(broker, results, cancellationToken);
    }

    private async Task ListenAsync(BrokerConnection broker, CheckResults results, CancellationToken cancellationToken)
    {
        AmqpInputConfiguration temporary = input.Temporary(input.Reports);
        BrokerTopology topology = new(temporary, broker.Connection);
        string queue = (await topology.DeclareAsync(BindingKeys.Of(temporary, new ReportPlan(input.Reports)), cancellationToken))[0];
        results.Ok($"the exchange {input.Exchange} is there and of type topic");
        await using IChannel channel = await broker.Connection.CreateChannelAsync(cancellationToken: cancellationToken);
        ArrivingEvents arriving = new(channel, input.IsShared);
        await channel.BasicConsumeAsync(queue, autoAck: true, arriving, cancellationToken);
        await Task.Delay(patience, time, cancellationToken);
        arriving.Describe(results, patience, input);
    }
}
