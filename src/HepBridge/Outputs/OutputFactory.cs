using HepBridge.Configuration;
using HepBridge.Outputs.Udp;
using Microsoft.Extensions.Logging;

namespace HepBridge.Outputs;

/// <summary>Makes the output that an object of <c>hep_config</c> describes.</summary>
internal sealed class OutputFactory(ILoggerFactory loggers, TimeProvider time)
{
    private readonly ILogger _logger = loggers.CreateLogger("HepBridge.Outputs");

    public IOutput Create(HepOutputConfiguration configuration)
    {
        if (configuration.Transport != HepTransport.Udp || configuration.Servers.Count != 1)
        {
            throw new NotSupportedException("HEP_TRANSPORT: only udp to one server yet");
        }

        return new UdpOutput(new CollectorAddress(configuration.Servers[0]), configuration.RingBytes, new OutputCounters(), _logger, time);
    }
}
