using HepBridge.Benchmarks.Outputs;
using HepBridge.Benchmarks.Rates;
using HepBridge.Benchmarks.Soak;

// The project's own loads: what they measure and how to read them stands in CONTRIBUTING.md.
switch (args)
{
    case ["outputs", ..]:
        return await OutputsLoad.RunAsync(args[1..]);
    case ["rates"]:
        return await RatesBench.RunAsync();
    case [RateSender.Argument, ..]:
        return await RateSender.RunAsync(args[1..]);
    case ["soak", ..]:
        return await SoakRun.RunAsync(args[1..]);
    default:
        await Console.Error.WriteLineAsync("""
            usage: HepBridge.Benchmarks outputs [PACKETS]   udp, tcp and tls beside each other, and a collector that is too slow
                   HepBridge.Benchmarks rates               events a second and what one costs: event socket, multicast plain, multicast with a psk
                   HepBridge.Benchmarks soak [--minutes N]          a bad switch for minutes: is memory flat, is every event accounted for?
            """);
        return 2;
}
