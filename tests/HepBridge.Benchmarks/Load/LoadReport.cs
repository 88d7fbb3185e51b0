using System.Globalization;

namespace HepBridge.Benchmarks.Load;

/// <summary>
/// The complete load benchmark: alternates the agents and the floor, so that other load on the machine affects all of
/// them, and compares medians. Prints as it goes.
/// </summary>
internal sealed class LoadReport(LoadReport.Build[] builds, Floor? floor, int rounds, int rate, bool quick)
{
    private const int Calls = 200;
    private const int DefaultRate = 5_000;
    private const string FloorName = "floor";
    private static readonly string[] _parts = ["burst", "steady", "legs", "idle", "start"];

    /// <summary>Runs and prints everything; takes about five minutes per build with three rounds.</summary>
    /// <param name="arguments">
    /// <c>--agent [NAME=]PATH</c>, repeatable: further builds to measure; <c>--only PART,…</c>: burst, steady, legs, idle or start;
    /// <c>--rounds N</c>: 3 by default; <c>--rate EVENTS/s</c> of steady: 5,000 by default; <c>--quick</c>: a short smoke test whose figures mean little.
    /// </param>
    public static async Task<int> RunAsync(string[] arguments)
    {
        bool quick = arguments.Contains("--quick");
        Build[] builds = [new("built", Agent.ThisBuild), .. Values(arguments, "--agent").Select(Build.Parse)];
        if (builds.FirstOrDefault(build => !File.Exists(build.Path)) is { } missing)
        {
            await Console.Error.WriteLineAsync($"There is no program {missing.Path}: build the solution, or name another one with --agent.");
            return 2;
        }

        string[] parts = Values(arguments, "--only").SelectMany(value => value.Split(',')).ToArray() is { Length: > 0 } only ? only : _parts;
        int rounds = quick ? 1 : Number("--rounds", 3);
        (Floor? floor, string problem) = await Floor.CompileAsync();
        using (floor)
        {
            if (floor is null)
            {
                Say($"No floor: {problem}.");
            }

            LoadReport report = new(builds, floor, rounds, Number("--rate", DefaultRate), quick);
            foreach (string part in parts)
            {
                await (part switch
                {
                    "burst" => report.BurstsAsync(),
                    "steady" => report.SteadyAsync(),
                    "legs" => report.ManyLegsAsync(),
                    "idle" => report.IdleAsync(),
                    "start" => report.StartAsync(),
                    _ => throw new ArgumentException($"--only takes {string.Join(", ", _parts)}, not \"{part}\"."),
                });
            }
        }

        return 0;

        int Number(string option, int fallback) => Values(arguments, option).Select(text => int.Parse(text, CultureInfo.InvariantCulture)).FirstOrDefault(fallback);
    }

    private async Task BurstsAsync()
    {
        foreach (long events in quick ? (long[])[20_000] : [100_000, 1_000_000])
        {
            Say($"\n{events:N0} events as fast as they are taken, {Calls} calls at once, median of {rounds}");
            Table(await InTurnAsync(client => new LoadRun { Calls = Calls, Events = events, Client = client }));
        }
    }

    private async Task SteadyAsync()
    {
        int seconds = quick ? 2 : 10;
        Say($"\n{rate:N0} events a second for {seconds} s, {Calls} calls at once, median of {rounds}; latency in ms from an event's sending to its datagram");
        Dictionary<string, LoadResult[]> results = await InTurnAsync(
            client => new LoadRun { Calls = Calls, Events = rate * seconds, Rate = rate, EstablishFirst = true, Client = client });
        Table(results);
        Say($"  {"",-34}{"median",10}{"p99",10}{"p99.9",10}");
        foreach (Build build in builds)
        {
            Latency(build.Name, results[build.Name], r => r.Direct);
            Latency($"{build.Name}, held, from its release", results[build.Name], r => r.Held);
        }

        if (results.TryGetValue(FloorName, out LoadResult[]? floors))
        {
            Latency(FloorName, floors, r => r.Direct);
        }
    }

    private async Task ManyLegsAsync()
    {
        long events = quick ? 20_000 : 200_000;
        Say($"\nLive legs: what an event costs and what they take, {events:N0} events, median of {rounds}");
        Say($"  {"",-10}{"legs",10}{"µs CPU/event",16}{"MB",10}");
        foreach (Build build in builds)
        {
            double least = 0;

            // Ended legs linger for ten seconds; a burst ends more in that time than are live, which must not count here.
            using Agent agent = new(build.Path) { Linger = "100ms" };
            foreach (int legs in quick ? (int[])[100, 2_000] : [100, 20_000, 100_000])
            {
                List<LoadResult> results = [];
                for (int round = 0; round < rounds; round++)
                {
                    results.Add(await new LoadRun { Calls = legs / 2, Events = events, EstablishFirst = true, Client = agent.Start }.MeasureAsync());
                }

                double cost = Median([.. results], r => r.MicrosecondsPerEvent);
                least = least == 0 ? cost : least;
                Say($"  {build.Name,-10}{legs,10:N0}{cost,16:0.00}{Median([.. results], r => r.Megabytes),10:0}{(cost / least) - 1,10:+0 %;-0 %}");
            }
        }
    }

    private async Task IdleAsync()
    {
        TimeSpan duration = TimeSpan.FromSeconds(quick ? 1 : 10);
        Say($"\nLogged in, and no event for {duration.TotalSeconds} s");
        Say($"  {"",-10}{"MB",10}{"wakeups/s",14}{"of a core",12}");
        foreach (Build build in builds)
        {
            using Agent agent = new(build.Path);
            IdleResult idle = await LoadRun.MeasureIdleAsync(agent.Start, duration);
            Say($"  {build.Name,-10}{idle.Megabytes,10:0.0}{idle.Wakeups,14:0.0}{idle.Processor,12:0.0 %}");
        }
    }

    private async Task StartAsync()
    {
        int tries = quick ? 1 : 7;
        Say($"\nFrom the program's start to its first datagram, of {tries} starts");
        foreach (Build build in builds)
        {
            using Agent agent = new(build.Path);
            List<double> starts = [];
            for (int i = 0; i < tries; i++)
            {
                starts.Add((await new LoadRun { Calls = 1, Events = 20, Client = agent.Start }.MeasureAsync()).Start.TotalMilliseconds);
            }

            starts.Sort();
            Say($"  {build.Name,-10}{starts[0],8:0} ms best{starts[tries / 2],8:0} ms median   ({build.Path})");
        }
    }

    private async Task<Dictionary<string, LoadResult[]>> InTurnAsync(Func<Func<int, int, ChildProcess>, LoadRun> run)
    {
        Dictionary<string, LoadResult[]> results = [];
        for (int round = 0; round < rounds; round++)
        {
            foreach (Build build in builds)
            {
                using Agent agent = new(build.Path);
                LoadResult result = await run(agent.Start).MeasureAsync();
                if (result.NotHep > 0)
                {
                    throw new InvalidDataException($"{result.NotHep} of the agent's {result.Datagrams} datagrams weren't HEP.");
                }

                Add(build.Name, result);
            }

            if (floor is not null)
            {
                Add(FloorName, await run(floor.Like(results[builds[^1].Name][0])).MeasureAsync());
            }
        }

        return results;

        void Add(string name, LoadResult result) => results[name] = [.. results.GetValueOrDefault(name, []), result];
    }

    private static double Median(LoadResult[] results, Func<LoadResult, double> figure)
    {
        double[] figures = [.. results.Select(figure).Order()];
        return figures[figures.Length / 2];
    }

    private static void Table(Dictionary<string, LoadResult[]> results)
    {
        Say($"  {"",-10}{"events/s",12}{"µs CPU/event",14}{"with start",12}{"MB",6}{"datagrams",12}{"mean bytes",12}{"lost",8}   of the floor's: rate, CPU, with start");
        LoadResult[]? floors = results.GetValueOrDefault(FloorName);
        foreach ((string name, LoadResult[] runs) in results)
        {
            string ratios = floors is null || name == FloorName ? "" : string.Create(
                CultureInfo.InvariantCulture, $"{Ratio(r => r.EventsPerSecond):0.00} ×  {Ratio(r => r.MicrosecondsPerEvent):0.00} ×  {Ratio(r => r.MicrosecondsWithStart):0.00} ×");
            Say($"  {name,-10}{Median(runs, r => r.EventsPerSecond),12:N0}{Median(runs, r => r.MicrosecondsPerEvent),14:0.00}{Median(runs, r => r.MicrosecondsWithStart),12:0.00}"
                + $"{Median(runs, r => r.Megabytes),6:0}{runs[0].Datagrams,12:N0}{runs[0].Bytes / runs[0].Datagrams,12:N0}{runs.Sum(r => r.Dropped),8:N0}   {ratios}");

            double Ratio(Func<LoadResult, double> figure) => Median(runs, figure) / Median(floors!, figure);
        }
    }

    private static void Latency(string name, LoadResult[] results, Func<LoadResult, double[]> latencies) => Say(
        $"  {name,-34}{Median(results, r => LoadResult.Percentile(latencies(r), 0.5)),10:0.000}{Median(results, r => LoadResult.Percentile(latencies(r), 0.99)),10:0.000}"
        + $"{Median(results, r => LoadResult.Percentile(latencies(r), 0.999)),10:0.000}");

    private static void Say(string text) => Console.WriteLine(text);

    private static IEnumerable<string> Values(string[] arguments, string name) =>
        arguments.Index().Where(argument => argument.Item == name && argument.Index + 1 < arguments.Length).Select(argument => arguments[argument.Index + 1]);

    /// <summary>A program to measure.</summary>
    internal sealed record Build(string Name, string Path)
    {
        public static Build Parse(string text) => text.Split('=', 2) is [var name, var path] ? new(name, path) : new("other", text);
    }
}
