using HepBridge.Diagnostics;
using HepBridge.Outputs;
using HepBridge.Pipeline;
using Microsoft.Extensions.Logging;

namespace HepBridge.Inputs.Amqp;

/// <summary>Looks at the outputs for an input: logs when congestion stops the reading, and which outputs events are acknowledged without.</summary>
internal sealed class OutputPause(InputBinding binding, ILogger logger)
{
    private readonly HashSet<string> _excused = [];
    private volatile bool _isPaused;

    public OutputWatch Outputs { get; } = new();

    /// <summary>Whether deliveries wait for the outputs.</summary>
    public bool IsPaused => _isPaused;

    /// <summary>Called a few times a second.</summary>
    public void Tick(IOutput[] outputs, bool isReading)
    {
        Outputs.Refresh(outputs);
        foreach (IOutput output in Outputs.Excused)
        {
            if (_excused.Add(output.Name))
            {
                Log.AmqpOutputExcused(logger, binding.Name, output.Name);
            }
        }

        _excused.RemoveWhere(name => Outputs.Excused.All(output => output.Name != name));
        bool isPaused = isReading && Outputs.IsCongested;
        if (isPaused && !_isPaused)
        {
            Log.AmqpPaused(logger, binding.Name);
        }
        else if (!isPaused && _isPaused)
        {
            Log.AmqpResumed(logger, binding.Name);
        }

        _isPaused = isPaused;
    }
}
