using HepBridge.Benchmarks.Outputs;

// The project's own loads: what they measure and how to read them stands in CONTRIBUTING.md.
switch (args)
{
    case ["outputs", ..]:
        return await OutputsLoad.RunAsync(args[1..]);
    default:
        await Console.Error.WriteLineAsync("usage: HepBridge.Benchmarks outputs [PACKETS]   udp, tcp and tls beside each other, and a collector that is too slow");
        return 2;
}
