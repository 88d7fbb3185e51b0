using System.Net;
using HepBridge.Collector.Store;
using HepBridge.Collector.Web;
using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.Hosting.Telemetry;
using HepBridge.Outputs;
using Microsoft.Extensions.Logging;

namespace HepBridge.Hosting;

/// <summary>The agent's HTTP endpoints: metrics and health, and the page if <c>web</c> is configured. Nothing listens by default.</summary>
internal sealed class AgentEndpoints(Agent agent, MetricsEndpoint metrics, ILoggerFactory loggers, TimeProvider time)
{
    private readonly ILogger _logger = loggers.CreateLogger<AgentEndpoints>();
    private ViewerHost? _viewer;
    private CallStore? _store;

    /// <summary>Starts the configured endpoints. Call before the agent starts.</summary>
    /// <exception cref="IOException">Cannot listen on the address.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await metrics.StartAsync(cancellationToken);
        AgentConfiguration configuration = agent.Configuration;
        if (configuration.Web.Listen is not { } listen)
        {
            return;
        }

        _store = new CallStore { Mask = configuration.Mask };
        ViewerOptions options = new()
        {
            Endpoint = IPEndPoint.Parse(listen),
            Token = configuration.Web.Token,
            AllowedHosts = configuration.Web.AllowedHosts,
            LoggerFactory = loggers,
            TimeProvider = time,
        };
        _viewer = await ViewerHost.StartAsync(options, _store, new AgentStatusSource(agent, time), cancellationToken);
        agent.AddOutput(new ViewerOutput(_viewer.Intake));
        Log.WebListening(_logger, _viewer.Address);
    }

    /// <summary>Applies another configuration: metrics move at once, the page at the next start.</summary>
    public async Task ApplyAsync(AgentConfiguration before, AgentConfiguration next, CancellationToken cancellationToken)
    {
        await metrics.ApplyAsync(next, cancellationToken);
        if (_store is not null)
        {
            _store.Mask = next.Mask;
        }

        if ((before.Web.Listen, before.Web.Token) != (next.Web.Listen, next.Web.Token) || !before.Web.AllowedHosts.SequenceEqual(next.Web.AllowedHosts))
        {
            Log.WebNeedsRestart(_logger);
        }
    }

    public async Task StopAsync()
    {
        await metrics.DisposeAsync();
        if (Interlocked.Exchange(ref _viewer, null) is { } viewer)
        {
            await viewer.DisposeAsync();
        }
    }
}
