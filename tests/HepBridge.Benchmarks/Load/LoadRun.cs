using System.Globalization;
using System.Runtime.InteropServices;

namespace HepBridge.Benchmarks.Load;

/// <summary>One measurement: a switch, a client and a collector as separate processes on loopback.</summary>
internal sealed class LoadRun
{
    /// <summary>Calls at once, two legs each.</summary>
    public required int Calls { get; init; }

    /// <summary>Events to measure.</summary>
    public required long Events { get; init; }

    /// <summary>Events per second; 0: as fast as the client accepts them.</summary>
    public int Rate { get; init; }

    /// <summary>Whether to establish all calls first, unmeasured.</summary>
    public bool EstablishFirst { get; init; }

    /// <summary>Starts the client for the ports of the event socket and of the collector.</summary>
    public required Func<int, int, ChildProcess> Client { get; init; }

    public async Task<LoadResult> MeasureAsync()
    {
        string directory = Directory.CreateTempSubdirectory("hepbridge-load-").FullName;
        try
        {
            return await MeasureAsync(Path.Combine(directory, "sent"), Path.Combine(directory, "received"));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private async Task<LoadResult> MeasureAsync(string sentPath, string receivedPath)
    {
        using ChildProcess sink = ChildProcess.Self(LoadSink.Argument, receivedPath);
        int collector = int.Parse(await sink.ReadAsync(), CultureInfo.InvariantCulture);
        using ChildProcess source = ChildProcess.Self(LoadSource.Argument, Calls.ToString(CultureInfo.InvariantCulture), sentPath);
        int eventSocket = int.Parse(await source.ReadAsync(), CultureInfo.InvariantCulture);
        long started = MonotonicClock.Now;
        using ChildProcess client = Client(eventSocket, collector);
        client.Ignore();
        await source.ReadAsync();
        if (EstablishFirst)
        {
            source.Write("go 0 0");
            await source.ReadAsync();
            await client.WhenIdleAsync();
        }

        TimeSpan before = client.Processor;
        source.Write(string.Create(CultureInfo.InvariantCulture, $"go {Events} {Rate}"));
        await source.ReadAsync();
        await client.WhenIdleAsync();
        TimeSpan after = client.Processor;
        double megabytes = client.Megabytes;
        await source.FinishAsync();
        string[] counted = (await sink.FinishAsync()).Split(' ');
        long[] numbers = Array.ConvertAll(counted, number => long.Parse(number, CultureInfo.InvariantCulture));
        ReadOnlySpan<long> times = Numbers(sentPath);
        ReadOnlySpan<long> sent = times[..(times.Length / 2)];
        ReadOnlySpan<long> releasedBy = times[(times.Length / 2)..];
        int first = sent.Length - (int)Events;
        (double[] direct, double[] held) = Latencies(sent, releasedBy, Numbers(receivedPath), first);
        return new LoadResult
        {
            Events = Events,
            Duration = TimeSpan.FromMicroseconds((numbers[5] - sent[first]) / 1e3),
            Processor = after - before,
            ProcessorWithStart = after,
            Megabytes = megabytes,
            Datagrams = numbers[0],
            Bytes = numbers[1],
            Dropped = numbers[2],
            NotHep = numbers[3],
            Start = TimeSpan.FromMicroseconds((numbers[4] - started) / 1e3),
            Direct = direct,
            Held = held,
        };
    }

    /// <summary>The same client when idle: logged in, without events.</summary>
    public static async Task<IdleResult> MeasureIdleAsync(Func<int, int, ChildProcess> start, TimeSpan duration)
    {
        string directory = Directory.CreateTempSubdirectory("hepbridge-load-").FullName;
        try
        {
            using ChildProcess source = ChildProcess.Self(LoadSource.Argument, "1", Path.Combine(directory, "sent"));
            using ChildProcess client = start(int.Parse(await source.ReadAsync(), CultureInfo.InvariantCulture), 9);
            client.Ignore();
            await source.ReadAsync();
            await client.WhenIdleAsync();
            (long wakeups, TimeSpan processor) = (client.Wakeups, client.Processor);
            await Task.Delay(duration);
            return new IdleResult(client.Megabytes, (client.Wakeups - wakeups) / duration.TotalSeconds, (client.Processor - processor) / duration);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static ReadOnlySpan<long> Numbers(string path) => MemoryMarshal.Cast<byte, long>(File.ReadAllBytes(path));

    private static (double[] Direct, double[] Held) Latencies(ReadOnlySpan<long> sent, ReadOnlySpan<long> releasedBy, ReadOnlySpan<long> received, int first)
    {
        List<double> direct = [];
        List<double> held = [];
        for (int i = first; i < sent.Length; i++)
        {
            // An event without a report gives no datagram.
            if (i < received.Length && received[i] != 0)
            {
                (releasedBy[i] == i ? direct : held).Add((received[i] - sent[(int)releasedBy[i]]) / 1e6);
            }
        }

        direct.Sort();
        held.Sort();
        return ([.. direct], [.. held]);
    }
}
