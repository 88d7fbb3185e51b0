using System.Globalization;

namespace HepBridge.Benchmarks.Load;

/// <summary>
/// The whole load bench: the agent and the floor in turn, so that what else the machine does meets both; ratios of medians. Printed as it goes.
/// </summary>
internal sealed class LoadReport(string agentPath, int rounds, bool quick)
{
    private const int Calls = 200;
    private const int Rate = 5_000;

    /// <summary>Runs and prints everything; takes about five minutes with three rounds.</summary>
    /// <param name="arguments"><c>--agent PATH</c>: another build; <c>--rounds N</c>: 3 without it; <c>--quick</c>: a short try that everything works; its figures are worth little.</param>
    public static async Task<int> RunAsync(string[] arguments)
    {
        string agent = Value(arguments, "--agent") ?? Agent.BesideThis;
        bool quick = arguments.Contains("--quick");
        if (!File.Exists(agent))
        {
            await Console.Error.WriteLineAsync($"There is no program {agent}: build the solution, or name one with --agent.");
            return 2;
        }

        LoadReport report = new(agent, quick ? 1 : int.Parse(Value(arguments, "--rounds") ?? "3", CultureInfo.InvariantCulture), quick);
        (Floor? floor, string problem) = await Floor.CompileAsync();
        using (floor)
        {
            if (floor is null)
            {
                Say($"No floor: {problem}.");
            }

            foreach (long events in quick ? (long[])[20_000] : [100_000, 1_000_000])
            {
                await report.BurstAsync(events, floor);
            }

            await report.SteadyAsync(floor);
        }

        await report.ManyLegsAsync();
        await report.StartAsync();
        return 0;
    }

    private async Task BurstAsync(long events, Floor? floor)
    {
        Say($"\n{events:N0} events as fast as they are taken, {Calls} calls at once, median of {rounds}");
        using Agent agent = new(agentPath);
        (LoadResult[] agents, LoadResult[] floors) = await InTurnAsync(agent, floor, client => new LoadRun { Calls = Calls, Events = events, Client = client });
        Head();
        Row("agent", agents);
        if (floors.Length > 0)
        {
            Row("floor", floors);
            Say($"  {"ratio",-8}{Median(agents, r => r.EventsPerSecond) / Median(floors, r => r.EventsPerSecond),12:0.00} ×"
                + $"{Median(agents, r => r.MicrosecondsPerEvent) / Median(floors, r => r.MicrosecondsPerEvent),12:0.00} ×");
        }
    }

    private async Task SteadyAsync(Floor? floor)
    {
        int seconds = quick ? 2 : 10;
        Say($"\n{Rate:N0} events a second for {seconds} s, {Calls} calls at once, median of {rounds}; latency in ms from an event's sending to its datagram");
        using Agent agent = new(agentPath);
        (LoadResult[] agents, LoadResult[] floors) = await InTurnAsync(
            agent, floor, client => new LoadRun { Calls = Calls, Events = Rate * seconds, Rate = Rate, EstablishFirst = true, Client = client });
        Head();
        Row("agent", agents);
        if (floors.Length > 0)
        {
            Row("floor", floors);
            Say($"  {"ratio",-8}{"",14}{Median(agents, r => r.MicrosecondsPerEvent) / Median(floors, r => r.MicrosecondsPerEvent),12:0.00} ×");
        }

        Say($"  {"",-24}{"median",10}{"p99",10}{"p99.9",10}");
        Latency("latency", agents, r => r.Direct);
        Latency("held, from its release", agents, r => r.Held);
    }

    private async Task ManyLegsAsync()
    {
        long events = quick ? 20_000 : 200_000;
        Say($"\nLive legs: what an event costs and what they take, {events:N0} events, median of {rounds}");
        Say($"  {"legs",10}{"µs CPU/event",16}{"MB",10}");
        double least = 0;

        // Ended legs linger for ten seconds, in which a burst ends more of them than are live: here they shall not.
        using Agent agent = new(agentPath) { Linger = "100ms" };
        foreach (int legs in quick ? (int[])[100, 2_000] : [100, 20_000, 100_000])
        {
            List<LoadResult> results = [];
            for (int round = 0; round < rounds; round++)
            {
                results.Add(await new LoadRun { Calls = legs / 2, Events = events, EstablishFirst = true, Client = agent.Start }.MeasureAsync());
            }

            double cost = Median([.. results], r => r.MicrosecondsPerEvent);
            least = least == 0 ? cost : least;
            Say($"  {legs,10:N0}{cost,16:0.00}{Median([.. results], r => r.Megabytes),10:0}{(cost / least) - 1,10:+0 %;-0 %}");
        }
    }

    private async Task StartAsync()
    {
        using Agent agent = new(agentPath);
        List<double> starts = [];
        int tries = quick ? 1 : 7;
        for (int i = 0; i < tries; i++)
        {
            LoadResult result = await new LoadRun { Calls = 1, Events = 20, Client = agent.Start }.MeasureAsync();
            starts.Add(result.Start.TotalMilliseconds);
        }

        starts.Sort();
        Say($"\nFrom the program's start to its first datagram: {starts[0]:0} ms best, {starts[tries / 2]:0} ms median of {tries} ({agentPath})");
    }

    private async Task<(LoadResult[] Agents, LoadResult[] Floors)> InTurnAsync(Agent agent, Floor? floor, Func<Func<int, int, ChildProcess>, LoadRun> run)
    {
        List<LoadResult> agents = [];
        List<LoadResult> floors = [];
        for (int round = 0; round < rounds; round++)
        {
            agents.Add(await run(agent.Start).MeasureAsync());
            if (agents[^1].NotHep > 0)
            {
                throw new InvalidDataException($"{agents[^1].NotHep} of the agent's {agents[^1].Datagrams} datagrams weren't HEP.");
            }

            if (floor is not null)
            {
                floors.Add(await run(floor.Like(agents[0])).MeasureAsync());
            }
        }

        return ([.. agents], [.. floors]);
    }

    private static double Median(LoadResult[] results, Func<LoadResult, double> figure)
    {
        double[] figures = [.. results.Select(figure).Order()];
        return figures[figures.Length / 2];
    }

    private static void Head() => Say($"  {"",-8}{"events/s",14}{"µs CPU/event",14}{"MB",8}{"datagrams",12}{"mean bytes",12}{"lost",8}");

    private static void Row(string name, LoadResult[] results) => Say(
        $"  {name,-8}{Median(results, r => r.EventsPerSecond),14:N0}{Median(results, r => r.MicrosecondsPerEvent),14:0.00}{Median(results, r => r.Megabytes),8:0}"
        + $"{results[0].Datagrams,12:N0}{results[0].Bytes / results[0].Datagrams,12:N0}{results.Sum(r => r.Dropped),8:N0}");

    private static void Latency(string name, LoadResult[] results, Func<LoadResult, double[]> latencies) => Say(
        $"  {name,-24}{Median(results, r => LoadResult.Percentile(latencies(r), 0.5)),10:0.000}{Median(results, r => LoadResult.Percentile(latencies(r), 0.99)),10:0.000}"
        + $"{Median(results, r => LoadResult.Percentile(latencies(r), 0.999)),10:0.000}");

    private static void Say(string text) => Console.WriteLine(text);

    private static string? Value(string[] arguments, string name)
    {
        int at = Array.IndexOf(arguments, name);
        return at >= 0 && at + 1 < arguments.Length ? arguments[at + 1] : null;
    }
}
