using System.Globalization;
using HepBridge.Diagnostics;
using HepBridge.Outputs;
using Microsoft.Extensions.Logging;

namespace HepBridge.Hosting.Telemetry;

/// <summary>Logs one line per interval: events received, what became of them, and packets sent; totals at the end.</summary>
internal sealed class Statistics(Agent agent, ILogger logger)
{
    private long _received;
    private long _packets;

    public void WriteInterval(TimeSpan interval)
    {
        PipelineCounters counters = agent.Pipeline.Counters;
        (long received, long packets) = (counters.Received - _received, counters.Packets - _packets);
        (_received, _packets) = (counters.Received, counters.Packets);
        Log.Interval(logger, Format($"{received} events ({received / interval.TotalSeconds:0.0}/s), {packets} packets, {counters.Legs} legs, {counters.Held} events held{Losses(counters)}"), Outputs());
    }

    public void WriteTotals()
    {
        PipelineCounters c = agent.Pipeline.Counters;
        Log.Totals(
            logger,
            Format($"{c.Received} events: {c.Reported} reported, {c.ObservedOnly} observed only, {c.Filtered} filtered, {c.Uncorrelated} without a Call-ID, {c.Duplicate} duplicate, {c.Malformed} malformed; {c.Packets} packets{Reasons("; without a Call-ID: ", c.UncorrelatedReasons)}{Reasons("; malformed: ", c.MalformedReasons)}"),
            Outputs());
    }

    private static string Losses(PipelineCounters counters) =>
        counters.Malformed + counters.Uncorrelated == 0
            ? ""
            : Format($"; since the start {counters.Uncorrelated} without a Call-ID, {counters.Malformed} malformed");

    private static string Describe(IOutput output)
    {
        OutputCounters c = output.Counters;
        string spooled = c.Spooled > 0 ? Format($", {c.Spooled} in the spool") : "";
        return Format($"{output.Name}: {c.Sent} sent, {c.Queued} queued, {c.DroppedTotal} dropped{spooled}{Reasons(" (", c.DroppedReasons, ")")}");
    }

    private static string Reasons<TReason>(string before, IEnumerable<(TReason Reason, long Count)> counted, string after = "")
    {
        string text = string.Join(", ", counted.Select(one => Format($"{one.Reason} {one.Count}")));
        return text.Length == 0 ? "" : before + text + after;
    }

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private string Outputs() => string.Join("; ", agent.Outputs.Select(Describe));
}
