using System.Diagnostics.Tracing;
using System.Globalization;
using HepBridge.Diagnostics;
using Microsoft.Extensions.Logging;

namespace HepBridge.Hosting.Telemetry;

/// <summary>Turns OpenTelemetry's failures, which it reports to an event source only, into one warning per interval.</summary>
internal sealed class OtlpErrorListener : EventListener
{
    private const string SourcePrefix = "OpenTelemetry-";
    private static readonly TimeSpan _interval = TimeSpan.FromMinutes(5);
    private readonly Lock _gate = new();
    private readonly string _endpoint;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private long _said;

    public OtlpErrorListener(string endpoint, TimeProvider time, ILogger logger)
    {
        _endpoint = endpoint;
        _time = time;
        _logger = logger;
        foreach (EventSource source in EventSource.GetSources())
        {
            Listen(source);
        }
    }

    protected override void OnEventSourceCreated(EventSource eventSource) => Listen(eventSource);

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        // The base class's constructor calls this for existing sources before this object is initialized.
        if (_logger is null || eventData.Level is EventLevel.LogAlways or > EventLevel.Warning)
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

        Log.OtlpFailed(_logger, _endpoint, Text(eventData));
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
