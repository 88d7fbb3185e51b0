using HepBridge.Benchmarks.Load;
using HepBridge.Benchmarks.Micro;
using HepBridge.Benchmarks.Outputs;
using HepBridge.Benchmarks.Rates;
using HepBridge.Benchmarks.Soak;

// The project's benchmarks: CONTRIBUTING.md explains what they measure.
switch (args)
{
    case ["load", ..]:
        return await LoadReport.RunAsync(args[1..]);
    case ["micro", ..]:
        return MicroBenchmarks.Run(args[1..]);
    case [LoadSource.Argument, ..]:
        return LoadSource.Run(args[1..]);
    case [LoadSink.Argument, ..]:
        return await LoadSink.RunAsync(args[1..]);
    case ["outputs", ..]:
        return await OutputsLoad.RunAsync(args[1..]);
    case ["rates", ..]:
        return await RatesBench.RunAsync(args[1..]);
    case [RateSender.Argument, ..]:
        return await RateSender.RunAsync(args[1..]);
    case ["soak", ..]:
        return await SoakRun.RunAsync(args[1..]);
    default:
        await Console.Error.WriteLineAsync("""
            usage: HepBridge.Benchmarks load [--agent [NAME=]PATH]... [--only PART,...] [--rounds N] [--quick]
                                                            the whole agent, compared with a minimal C baseline: rate, cost, latency, memory, start
                   HepBridge.Benchmarks micro [--filter X]  parser, encoder and leg table alone
                   HepBridge.Benchmarks outputs [PACKETS]   udp, tcp and tls compared, and a collector that is too slow
                   HepBridge.Benchmarks rates [amqp]        events a second and what one costs: event socket, multicast plain, multicast with a psk, RabbitMQ
                   HepBridge.Benchmarks soak [--minutes N]          a bad switch for minutes: is memory flat, is every event accounted for?
            """);
        return 2;
}
