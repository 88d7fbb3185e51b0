using System.Diagnostics.Tracing;
using System.Globalization;
using HepBridge.Diagnostics;
using Microsoft.Extensions.Logging;

namespace HepBridge.Hosting.Telemetry.Otlp;

/// <summary>OpenTelemetry tells its failures to an event source only: they become one warning an interval.</summary>
internal sealed class OtlpErrorListener : EventListener
{
    private const string SourcePrefix = "OpenTelemetry-";
    private static readonly TimeSpan _interval = TimeSpan.FromMinutes(5);
    private readonly Lock _gate = new();
    private readonly string _endpoint;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private long _said;

    public OtlpErrorListener(string endpoint, TimeProvider time, ILogger log)
    {
        _endpoint = endpoint;
        _time = time;
        _log = log;
        foreach (EventSource source in EventSource.GetSources())
        {
            Listen(source);
        }
    }

    protected override void OnEventSourceCreated(EventSource eventSource) => Listen(eventSource);

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        // Called by the base class for sources that were there before this object was made.
        if (_log is null || eventData.Level is EventLevel.LogAlways or > EventLevel.Warning)
        {
            return;
        }

        lock (_gate)
        {
            if (_said != 0 && _time.GetElapsedTime(_said) < _interval)
            {
                return;
            }

            _said = Math.Max(_time.GetTimestamp(), 1);
        }

        Log.OtlpFailed(_log, _endpoint, Text(eventData));
    }

    private static string Text(EventWrittenEventArgs written)
    {
        object?[] payload = [.. written.Payload ?? (IEnumerable<object?>)[]];
        string text = written.Message is null ? string.Join(' ', payload) : string.Format(CultureInfo.InvariantCulture, written.Message, payload);
        int end = text.IndexOfAny(['\r', '\n']);
        return end < 0 ? text : text[..end];
    }

    private void Listen(EventSource source)
    {
        if (source.Name.StartsWith(SourcePrefix, StringComparison.Ordinal))
        {
            EnableEvents(source, EventLevel.Warning);
        }
    }
}
