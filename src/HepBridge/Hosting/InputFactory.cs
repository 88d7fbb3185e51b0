using HepBridge.Configuration;
using HepBridge.Inputs;
using HepBridge.Pipeline;
using Microsoft.Extensions.Logging;

namespace HepBridge.Hosting;

/// <summary>Makes the inputs that a configuration describes.</summary>
internal sealed class InputFactory(EventPipeline pipeline, TimeProvider time, ILoggerFactory loggers)
{
    public EslInput Create(EslInputConfiguration configuration) => new(configuration, pipeline, time, loggers.CreateLogger<EslInput>());

    public MulticastInput Create(MulticastInputConfiguration configuration) => new(configuration, pipeline, time, loggers.CreateLogger<MulticastInput>());
}
