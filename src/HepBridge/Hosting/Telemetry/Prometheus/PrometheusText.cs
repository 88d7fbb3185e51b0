using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace HepBridge.Hosting.Telemetry.Prometheus;

/// <summary>Writes a meter's instruments, and some of .NET's, in the Prometheus text format 0.0.4.</summary>
internal sealed class PrometheusText : IDisposable
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly MeterListener _listener = new();
    private readonly List<PrometheusFamily> _families = [];
    private readonly Lock _gate = new();

    /// <summary>Listens to all instruments of <paramref name="meter"/>, which must exist already and be observable.</summary>
    public PrometheusText(Meter meter)
    {
        Dictionary<string, RuntimeMetric> runtime = ProcessMetrics.Runtime.ToDictionary(metric => metric.Name);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, meter))
            {
                MetricKind kind = instrument.GetType().GetGenericTypeDefinition() == typeof(ObservableCounter<>) ? MetricKind.Counter : MetricKind.Gauge;
                listener.EnableMeasurementEvents(instrument, AddFamily(instrument, kind, instrument.Description ?? ""));
            }
            else if (instrument.Meter.Name == ProcessMetrics.RuntimeMeter && runtime.TryGetValue(instrument.Name, out RuntimeMetric? metric))
            {
                listener.EnableMeasurementEvents(instrument, AddFamily(instrument, metric.Kind, metric.Help));
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, labels, family) => Add(family, labels, value.ToString(CultureInfo.InvariantCulture)));
        _listener.SetMeasurementEventCallback<int>((_, value, labels, family) => Add(family, labels, value.ToString(CultureInfo.InvariantCulture)));
        _listener.SetMeasurementEventCallback<double>((_, value, labels, family) => Add(family, labels, PrometheusFamily.Format(value)));
        _listener.Start();
    }

    /// <summary>The current values. Thread-safe.</summary>
    public string Write()
    {
        StringBuilder text = new(16 << 10);
        lock (_gate)
        {
            foreach (PrometheusFamily family in _families)
            {
                family.Clear();
            }

            _listener.RecordObservableInstruments();
            foreach (PrometheusFamily family in _families)
            {
                family.WriteTo(text);
            }
        }

        return text.ToString();
    }

    public void Dispose() => _listener.Dispose();

    private static void Add(object? family, ReadOnlySpan<KeyValuePair<string, object?>> labels, string value) => ((PrometheusFamily)family!).Add(labels, value);

    private PrometheusFamily AddFamily(Instrument instrument, MetricKind kind, string help)
    {
        PrometheusFamily family = new(PrometheusName.Of(instrument.Name, kind, instrument.Unit), kind, help);
        lock (_gate)
        {
            _families.Add(family);
        }

        return family;
    }
}
