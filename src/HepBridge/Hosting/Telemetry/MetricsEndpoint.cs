using System.Net;
using HepBridge.Configuration;
using HepBridge.Diagnostics;
using Microsoft.Extensions.Logging;

namespace HepBridge.Hosting.Telemetry;

/// <summary>The agent's metrics: its meter, <c>/metrics</c> and <c>/health</c> if configured, and OTLP if the environment enables it.</summary>
internal sealed class MetricsEndpoint(Agent agent, AgentHealth health, OtlpEnvironment otlp, ILoggerFactory loggers, TimeProvider time) : IAsyncDisposable
{
    private readonly ILogger _logger = loggers.CreateLogger<MetricsEndpoint>();
    private readonly AgentMeter _meter = new(agent, time);
    private readonly SemaphoreSlim _changing = new(1, 1);
    private PrometheusText? _text;
    private MetricsServer? _host;
    private OtlpExport? _export;
    private int _disposed;
    private (string? Listen, IReadOnlyList<string> AllowedHosts) _served = (null, []);

    /// <summary>Where they are served; null: nowhere.</summary>
    public Uri? Address => _host?.Address;

    /// <exception cref="IOException">Cannot listen on the address.</exception>
    /// <exception cref="ArgumentException">OTLP's endpoint is not a URL.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await ServeAsync(agent.Configuration.Metrics.Listen, agent.Configuration.Metrics.AllowedHosts, cancellationToken);
        if (otlp.IsOn)
        {
            _export = OtlpExport.Start(otlp, time, _logger);
            Log.OtlpStarted(_logger, otlp.Endpoint!);
        }
    }

    /// <summary>Moves to another configuration's address; if that fails, logs why and stays at the current one.</summary>
    public async Task ApplyAsync(AgentConfiguration next, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            (string? listen, IReadOnlyList<string> hosts) = (next.Metrics.Listen, next.Metrics.AllowedHosts);
            if (listen == _served.Listen && hosts.SequenceEqual(_served.AllowedHosts))
            {
                return;
            }

            // Close the old listener first: 0.0.0.0 cannot be bound while 127.0.0.1 is in use.
            (string? Listen, IReadOnlyList<string> AllowedHosts) before = _served;
            await StopServingAsync();
            try
            {
                await ServeAsync(listen, hosts, cancellationToken);
            }
            catch (IOException e)
            {
                Log.MetricsNotMoved(_logger, listen!, e.Message);
                await ServeAsync(before.Listen, before.AllowedHosts, cancellationToken);
            }
        }
        finally
        {
            _changing.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _changing.WaitAsync(CancellationToken.None);
        await StopServingAsync();
        if (_export is not null)
        {
            await _export.DisposeAsync();
        }

        _text?.Dispose();
        _meter.Dispose();
        _changing.Dispose();
    }

    private async Task ServeAsync(string? listen, IReadOnlyList<string> hosts, CancellationToken cancellationToken)
    {
        if (listen is not null)
        {
            _text ??= new PrometheusText(_meter.Meter);
            _host = await MetricsServer.StartAsync(IPEndPoint.Parse(listen), hosts, _text, health, loggers, cancellationToken);
            Log.MetricsListening(_logger, _host.Address);
        }

        _served = (listen, hosts);
    }

    private async Task StopServingAsync()
    {
        if (_host is { } host)
        {
            _host = null;
            await host.DisposeAsync();
            Log.MetricsStopped(_logger);
        }
    }
}
