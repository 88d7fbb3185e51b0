using HepBridge.Configuration;
using HepBridge.Inputs;
using HepBridge.Pipeline;
using Microsoft.Extensions.Logging;

namespace HepBridge.Hosting;

/// <summary>Creates the inputs of a configuration.</summary>
internal sealed class InputFactory(InputKinds kinds, EventPipeline pipeline, TimeProvider time, ILoggerFactory loggers)
{
    private readonly InputServices _services = new(pipeline, time, loggers);

    public InputKinds Kinds => kinds;

    public IInput Create(InputConfiguration configuration) => kinds.Create(configuration, _services);
}
