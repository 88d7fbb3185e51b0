using System.Globalization;
using System.Text;
using HepBridge.Diagnostics;
using HepBridge.FreeSwitch.Events;
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
            Format($"{c.Received} events: {c.Reported} reported, {c.ObservedOnly} observed only, {c.Filtered} filtered, {c.Uncorrelated} without a Call-ID, {c.Duplicate} duplicate, {c.Malformed} malformed; {c.Packets} packets{Reasons(c)}"),
            Outputs());
    }

    private static string Losses(PipelineCounters counters) =>
        counters.Malformed + counters.Uncorrelated == 0
            ? ""
            : Format($"; since the start {counters.Uncorrelated} without a Call-ID, {counters.Malformed} malformed");

    private static string Reasons(PipelineCounters counters)
    {
        StringBuilder text = new();
        foreach ((UncorrelatedReason reason, long count) in counters.UncorrelatedReasons)
        {
            text.Append(text.Length == 0 ? "; without a Call-ID: " : ", ").Append(CultureInfo.InvariantCulture, $"{reason} {count}");
        }

        int malformed = 0;
        foreach ((EventRejection reason, long count) in counters.MalformedReasons)
        {
            text.Append(malformed++ == 0 ? "; malformed: " : ", ").Append(CultureInfo.InvariantCulture, $"{reason} {count}");
        }

        return text.ToString();
    }

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private string Outputs()
    {
        StringBuilder text = new();
        foreach (IOutput output in agent.Outputs)
        {
            OutputCounters c = output.Counters;
            text.Append(text.Length == 0 ? "" : "; ").Append(CultureInfo.InvariantCulture, $"{output.Name}: {c.Sent} sent, {c.Queued} queued, {c.DroppedTotal} dropped");
            if (c.Spooled > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $", {c.Spooled} in the spool");
            }

            string separator = " (";
            foreach ((DropReason reason, long count) in c.DroppedReasons)
            {
                text.Append(separator).Append(CultureInfo.InvariantCulture, $"{reason} {count}");
                separator = ", ";
            }

            text.Append(separator == ", " ? ")" : "");
        }

        return text.ToString();
    }
}
