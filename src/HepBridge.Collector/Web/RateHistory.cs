using HepBridge.Collector.Store;

namespace HepBridge.Collector.Web;

/// <summary>Rates of the last ten minutes for the page's sparklines, sampled every few seconds even if no page is open.</summary>
internal sealed class RateHistory(CallStore store, IStatusSource? status, TimeProvider time)
{
    /// <summary>Seconds between two samples.</summary>
    public const int Step = 5;

    private const int Samples = 120;
    private const int MaxNames = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Series> _series = new(StringComparer.Ordinal);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(TimeSpan.FromSeconds(Step), time);
        do
        {
            Sample();
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    /// <summary>Events or packets per second, oldest first, by what is counted.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<double>> Read()
    {
        lock (_gate)
        {
            return _series.ToDictionary(static s => s.Key, static s => (IReadOnlyList<double>)s.Value.Rates.ToArray());
        }
    }

    internal void Sample()
    {
        AgentStatus? agent = status?.Read();
        long kept = store.Status().Received;
        long now = time.GetTimestamp();
        lock (_gate)
        {
            Add("kept", kept, now);
            if (agent is null)
            {
                return;
            }

            Add("events", agent.Inputs.Sum(static i => i.Received), now);
            Add("packets", agent.Packets, now);
            foreach (InputStatus input in agent.Inputs)
            {
                Add("in " + input.Name, input.Received, now);
            }

            foreach (OutputStatus output in agent.Outputs)
            {
                Add("out " + output.Name, output.Sent, now);
            }
        }
    }

    private void Add(string name, long count, long now)
    {
        if (!_series.TryGetValue(name, out Series? series))
        {
            if (_series.Count < MaxNames)
            {
                _series.Add(name, new Series { Count = count, At = now });
            }

            return;
        }

        double seconds = time.GetElapsedTime(series.At, now).TotalSeconds;
        if (seconds <= 0)
        {
            return;
        }

        if (series.Rates.Count == Samples)
        {
            series.Rates.Dequeue();
        }

        // A reload may replace an input, and its count restarts at 0.
        series.Rates.Enqueue(Math.Round(Math.Max(0, count - series.Count) / seconds, 1));
        (series.Count, series.At) = (count, now);
    }

    private sealed class Series
    {
        public Queue<double> Rates { get; } = new(Samples);
        public long Count { get; set; }
        public long At { get; set; }
    }
}
