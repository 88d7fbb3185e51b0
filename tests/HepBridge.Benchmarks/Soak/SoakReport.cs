using System.Globalization;

namespace HepBridge.Benchmarks.Soak;

/// <summary>Result of a soak test: samples, slopes after the warm-up, the whereabouts of every event and packet, and the result.</summary>
internal sealed class SoakReport(SoakOptions options, IReadOnlyList<SoakSample> samples, TextWriter output)
{
    private const int Rows = 20;
    private bool _good = true;

    /// <summary>Prints the samples and the trend of each figure after the warm-up; true if all stayed flat.</summary>
    public void Flatness()
    {
        output.WriteLine($"{"time",7} {"RSS MB",8} {"heap MB",8} {"gen2",5} {"handles",8} {"threads",8} {"legs",8} {"held",7} {"queued",7} {"events",12} {"packets",12}");
        int step = Math.Max(1, (samples.Count + Rows - 1) / Rows);
        for (int i = 0; i < samples.Count; i += step)
        {
            Row(samples[i]);
        }

        SoakSample[] warm = [.. samples.Where(sample => sample.At >= options.WarmUp)];
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"\nAfter {options.WarmUp.TotalSeconds:0} s, over {(warm[^1].At - warm[0].At).TotalSeconds:0} s (a line through {warm.Length} samples):"));
        Line("RSS", " KB", warm, sample => sample.Rss, 0.05, options.IsShort ? 24_000 : 6_000);
        if (Heap(warm[0]) > 0)
        {
            // Unknown before the first collection, which a short run may not reach.
            Line("heap committed", " KB", warm, sample => Heap(sample) / 1024.0, 0.05, options.IsShort ? 16_000 : 4_000);
        }

        Line("handles", "", warm, sample => sample.Handles, 0, 2);
        Line("threads", "", warm, sample => sample.Threads, 0, options.IsShort ? 6 : 3);
        Line("legs known", "", warm, sample => sample.Metrics["legs_known"], 0.10, 1_000);
        Line("events held", "", warm, sample => sample.Metrics["events_held"], 0.25, 1_000);
        Line("packets queued", "", warm, sample => sample.Metrics["output_packets_queued"], 0, 1_000);
        Bound("legs known", samples.Max(sample => sample.Metrics["legs_known"]), options.MaxLegs);
        Bound("events held", samples.Max(sample => sample.Metrics["events_held"]), SoakConfiguration.HoldTotal);
    }

    /// <summary>Prints where every event and packet ended up; true if none is missing.</summary>
    public void Conservation(SoakSwitch source, SoakCollector collector, SoakMetrics last)
    {
        long received = last["events_received"];
        long sum = 0;
        List<string> places = [];
        foreach (string place in (string[])["malformed", "duplicate", "filtered", "observed_only", "uncorrelated", "held", "reported"])
        {
            long events = last[$"events_{place}"];
            sum += events;
            places.Add(string.Create(CultureInfo.InvariantCulture, $"{events:N0} {place}"));
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"\nEvents: {source.Sent:N0} sent, {source.Dumped:N0} channels dumped; {received:N0} received = {string.Join(" + ", places)}"));
        output.WriteLine($"  uncorrelated: {last.Reasons("events_uncorrelated")}; times replaced: {last["events_time_replaced"]}");
        output.WriteLine($"  {last["legs_seen"]} legs seen, {last["legs_evicted"]} forgotten early for others; {source.Disturbances}");
        Check("every event that was sent was received (a dump may be lost with its connection)", received >= source.Sent && received <= source.Sent + source.Dumped);
        Check("every event received is in one place", received == sum);
        long drops = collector.KernelDrops();
        Output("UDP", "udp", collector.ByUdp, drops, last);
        Output("TCP", "tcp", collector.ByTcp, 0, last);
        Check("every packet that came is one", collector.Malformed == 0);
    }

    /// <summary>Prints the result; true if everything passed.</summary>
    public bool Conclude(int exitCode)
    {
        Check($"the agent ends with exit code 0", exitCode == 0);
        output.WriteLine(_good ? "\nFlat, and nothing is missing." : "\nNOT flat, or something is missing: see above.");
        return _good;
    }

    private static double Heap(SoakSample sample) => sample.Metrics["dotnet_gc_last_collection_memory_committed_size_bytes"];

    private void Row(SoakSample sample)
    {
        SoakMetrics metrics = sample.Metrics;
        string process = string.Create(
            CultureInfo.InvariantCulture,
            $"{sample.At.TotalSeconds,5:0} s {sample.Rss / 1024.0,8:0.0} {Heap(sample) / (1 << 20),8:0.0} {metrics["dotnet_gc_collections", "gen2"],5} {sample.Handles,8} {sample.Threads,8}");
        string tables = string.Create(
            CultureInfo.InvariantCulture,
            $"{metrics["legs_known"],8:N0} {metrics["events_held"],7:N0} {metrics["output_packets_queued"],7:N0}");
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{process} {tables} {metrics["events_received"],12:N0} {metrics["output_packets_sent"],12:N0}"));
    }

    private void Line(string what, string unit, SoakSample[] warm, Func<SoakSample, double> value, double share, double floor)
    {
        (double mean, double slope) = Fit([.. warm.Select(sample => (sample.At.TotalMinutes, value(sample)))]);
        double growth = slope * (warm[^1].At - warm[0].At).TotalMinutes;
        double limit = Math.Max(floor, mean * share);
        string line = string.Create(
            CultureInfo.InvariantCulture,
            $"{what}: mean {mean:N0}{unit}, {slope:+0.0;-0.0;0}{unit} a minute, {growth:+0.0;-0.0;0} in all, of {limit:N0} allowed");
        Check(line, growth <= limit);
    }

    private void Bound(string what, long most, long allowed) =>
        Check(string.Create(CultureInfo.InvariantCulture, $"{what}: at most {most:N0} of {allowed:N0}"), most <= allowed);

    private void Output(string name, string label, long came, long kernelDrops, SoakMetrics last)
    {
        long offered = last["output_packets_offered", $"\"{label} "];
        long sent = last["output_packets_sent", $"\"{label} "];
        long dropped = last["output_packets_dropped", $"\"{label} "];
        long queued = last["output_packets_queued", $"\"{label} "];
        string line = string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: {offered:N0} offered = {sent:N0} sent + {dropped:N0} dropped + {queued:N0} queued; {came:N0} came, {kernelDrops:N0} dropped by the collector's kernel");
        Check(
            line,
            offered == last["packets_encoded"] && offered == sent + dropped + queued && came + kernelDrops == sent);
    }

    private void Check(string what, bool good)
    {
        _good &= good;
        output.WriteLine($"  {(good ? "ok  " : "FAIL")} {what}");
    }

    // Least-squares line.
    private static (double Mean, double Slope) Fit((double X, double Y)[] points)
    {
        double meanX = points.Average(point => point.X);
        double meanY = points.Average(point => point.Y);
        double spread = points.Sum(point => (point.X - meanX) * (point.X - meanX));
        return (meanY, spread == 0 ? 0 : points.Sum(point => (point.X - meanX) * (point.Y - meanY)) / spread);
    }
}
