using HepBridge.Checks;
using HepBridge.Configuration;
using HepBridge.Configuration.Tables;
using HepBridge.Hosting.Telemetry;
using HepBridge.Inputs;
using HepBridge.Pipeline;
using Microsoft.Extensions.Logging;

namespace HepBridge.Hosting;

/// <summary>Services available to an input.</summary>
internal sealed record InputServices(EventPipeline Pipeline, TimeProvider Time, ILoggerFactory Loggers);

/// <summary>One kind of input: its section, and how to create, check and measure an input of it.</summary>
/// <param name="Section">Its section; produces <paramref name="ConfigurationType"/>.</param>
/// <param name="ConfigurationType">Identifies the kind of a configuration.</param>
/// <param name="Create">Creates a running input.</param>
/// <param name="Check">Creates the check for <c>hepbridge check</c>.</param>
/// <param name="Metrics">Metrics of this kind alone; <c>hepbridge.input.*</c> exist for every kind.</param>
internal sealed record InputKind(
    InputSection Section,
    Type ConfigurationType,
    Func<InputConfiguration, InputServices, IInput> Create,
    Func<InputConfiguration, CheckServices, ICheck> Check,
    IReadOnlyList<Metric> Metrics)
{
    /// <summary>A kind whose configuration class is <typeparamref name="T"/>.</summary>
    public static InputKind Of<T>(
        InputSection section, Func<T, InputServices, IInput> create, Func<T, CheckServices, ICheck> check, params IReadOnlyList<Metric> metrics)
        where T : InputConfiguration =>
        new(section, typeof(T), (configuration, services) => create((T)configuration, services), (configuration, services) => check((T)configuration, services), metrics);
}
