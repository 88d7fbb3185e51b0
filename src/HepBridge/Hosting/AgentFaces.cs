using System.Net;
using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.Outputs;
using HepBridge.Viewer;
using HepBridge.Viewer.Store;
using Microsoft.Extensions.Logging;

namespace HepBridge.Hosting;

/// <summary>What the agent shows of itself to people: the page, if <c>web</c> is configured. Nothing listens otherwise.</summary>
internal sealed class AgentFaces(Agent agent, ILoggerFactory loggers, TimeProvider time)
{
    private ViewerHost? _viewer;

    /// <summary>Starts what is configured. To be called before the agent starts.</summary>
    /// <exception cref="IOException">The address can't be listened on.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        AgentConfiguration configuration = agent.Configuration;
        if (configuration.WebListen is null)
        {
            return;
        }

        var store = new CallStore(new CallStoreOptions());
        var options = new ViewerOptions
        {
            Endpoint = IPEndPoint.Parse(configuration.WebListen),
            Token = configuration.WebToken,
            LoggerFactory = loggers,
            TimeProvider = time,
        };
        _viewer = await ViewerHost.StartAsync(options, store, new AgentStatusSource(agent, time), cancellationToken);
        agent.AddOutput(new ViewerOutput(_viewer.Intake));
        Log.WebListening(loggers.CreateLogger<AgentFaces>(), _viewer.Address);
    }

    public async Task StopAsync()
    {
        if (_viewer is not null)
        {
            await _viewer.DisposeAsync();
        }
    }
}
