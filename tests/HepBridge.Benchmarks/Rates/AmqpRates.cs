using System.Globalization;
using HepBridge.Configuration;
using HepBridge.Inputs.Amqp;
using HepBridge.Pipeline;
using HepBridge.Reports;
using Microsoft.Extensions.Logging.Abstractions;
using RabbitMQ.Client;

namespace HepBridge.Benchmarks.Rates;

/// <summary>A queue that is full at the start, so that the agent alone sets the pace: its rate and cost, and its memory while few or many messages wait.</summary>
internal static class AmqpRates
{
    private const int Events = 200_000;
    private static readonly int[] _waiting = [100_000, 1_000_000];
    private static readonly TimeSpan _observed = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(50);

    public static async Task RunAsync()
    {
        if (!BenchBroker.IsInstalled)
        {
            Console.WriteLine("amqp                   skipped: there is no broker (apt install rabbitmq-server)");
            return;
        }

        await using BenchBroker broker = await BenchBroker.StartAsync();
        foreach (AmqpQueueType type in (AmqpQueueType[])[AmqpQueueType.Quorum, AmqpQueueType.Classic])
        {
            AmqpInputConfiguration one = Configuration(broker, type);
            await FillAsync(broker, one, Events, isSmall: false);
            await RatesBench.MeasureAsync($"amqp, {type.ToString().ToLowerInvariant()} queue", [pipeline => Input(one, pipeline)], filterDuplicates: true);
            await EmptyAsync(broker, one);
        }

        AmqpInputConfiguration configuration = Configuration(broker, AmqpQueueType.Quorum);
        foreach (int waiting in _waiting)
        {
            await FillAsync(broker, configuration, waiting, isSmall: true);
            (long heap, long resident) = await PeakAsync(configuration);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"amqp, {waiting:N0} messages wait: managed heap at most {heap / 1e6:0} MB, resident memory at most {resident / 1e6:0} MB while they are read"));
            await EmptyAsync(broker, configuration);
        }
    }

    private static AmqpInputConfiguration Configuration(BenchBroker broker, AmqpQueueType type) =>
        new() { Servers = [new HepServer("127.0.0.1", broker.Port)], QueueType = type, Reports = new ReportOptions() };

    private static AmqpInput Input(AmqpInputConfiguration configuration, EventPipeline pipeline) => new(configuration, pipeline, TimeProvider.System, NullLogger<AmqpInput>.Instance);

    private static async Task FillAsync(BenchBroker broker, AmqpInputConfiguration configuration, int count, bool isSmall)
    {
        await using IConnection connection = await broker.ConnectAsync();
        await using IChannel channel = await connection.CreateChannelAsync();
        await channel.ExchangeDeclareAsync(configuration.Exchange, ExchangeType.Topic, durable: true);
        await new BrokerTopology(configuration, connection).DeclareAsync(BindingKeys.Of(configuration, new ReportPlan(configuration.Reports)), CancellationToken.None);
        await RateSender.PublishAsync(broker.Port, configuration.Queue, count, isSmall);
        while (await channel.MessageCountAsync(configuration.Queue) < count)
        {
            await Task.Delay(_interval);
        }
    }

    private static async Task EmptyAsync(BenchBroker broker, AmqpInputConfiguration configuration)
    {
        await using IConnection connection = await broker.ConnectAsync();
        await using IChannel channel = await connection.CreateChannelAsync();
        await channel.QueueDeleteAsync(configuration.Queue);
    }

    private static async Task<(long Heap, long Resident)> PeakAsync(AmqpInputConfiguration configuration)
    {
        EventPipeline pipeline = new(new CallOptions { MaxClockSkew = TimeSpan.Zero }, TimeProvider.System, NullLogger<EventPipeline>.Instance)
        {
            Outputs = [new DiscardingOutput()],
            FilterDuplicates = true,
        };
        using AmqpInput input = Input(configuration, pipeline);
        using CancellationTokenSource stop = new();
        Task running = Task.Run(() => input.RunAsync(stop.Token));
        long began = TimeProvider.System.GetTimestamp();
        (long heap, long resident) = (0, 0);
        while (TimeProvider.System.GetElapsedTime(began) < _observed)
        {
            await Task.Delay(_interval);
            heap = Math.Max(heap, GC.GetTotalMemory(forceFullCollection: false));
            resident = Math.Max(resident, Environment.WorkingSet);
        }

        await stop.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return (heap, resident);
    }
}
