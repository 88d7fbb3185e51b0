using HepBridge.Checks;
using HepBridge.Configuration;
using HepBridge.Configuration.Tables;
using HepBridge.Hosting.Telemetry;
using HepBridge.Inputs;
using HepBridge.Inputs.Amqp;
using HepBridge.Inputs.Janus;
using HepBridge.Inputs.LogFiles;
using HepBridge.Inputs.Packets;
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

/// <summary>The kinds of input available. A new kind is one line here.</summary>
internal sealed class InputKinds(params IReadOnlyList<InputKind> kinds)
{
    private readonly Dictionary<Type, InputKind> _byConfiguration = kinds.ToDictionary(kind => kind.ConfigurationType);

    /// <summary>Those of this program.</summary>
    public static InputKinds BuiltIn { get; } = new(
        InputKind.Of<EslInputConfiguration>(
            EslSection.Section,
            (configuration, services) => new EslInput(configuration, services.Pipeline, services.Time, services.Loggers.CreateLogger<EslInput>()),
            (configuration, check) => new SwitchCheck(configuration, check.Calls, check.Time, check.Patience, check.Timeout) { HepInputs = check.HepInputs }),
        InputKind.Of<MulticastInputConfiguration>(
            MulticastSection.Section,
            (configuration, services) => new MulticastInput(configuration, services.Pipeline, services.Time, services.Loggers.CreateLogger<MulticastInput>()),
            (configuration, check) => new MulticastCheck(configuration, check.Time, check.Patience),
            InputMetrics.Multicast),
        InputKind.Of<AmqpInputConfiguration>(
            AmqpSection.Section,
            (configuration, services) => new AmqpInput(configuration, services.Pipeline, services.Time, services.Loggers.CreateLogger<AmqpInput>()),
            (configuration, check) => new AmqpCheck(configuration, check.Time, check.Patience),
            InputMetrics.Amqp),
        InputKind.Of<LogFilesInputConfiguration>(
            LogsSection.Section,
            (configuration, services) => new LogFilesInput(configuration, services.Pipeline, services.Time, services.Loggers.CreateLogger<LogFilesInput>()),
            (configuration, _) => new LogFilesCheck(configuration)),
        InputKind.Of<JanusInputConfiguration>(
            JanusSection.Section,
            (configuration, services) => new JanusInput(configuration, services.Pipeline, services.Time, services.Loggers),
            (configuration, check) => new JanusCheck(configuration, check.Time, check.Patience),
            InputMetrics.Janus),
        InputKind.Of<HepInputConfiguration>(
            HepInputSection.Section,
            (configuration, services) => new HepInput(configuration, services.Pipeline, services.Time, services.Loggers.CreateLogger<HepInput>()),
            (configuration, _) => new HepInputCheck(configuration),
            InputMetrics.HepInput));

    public IReadOnlyList<InputKind> All => kinds;

    /// <summary>The configuration file's sections, including those of these inputs.</summary>
    public Sections Sections { get; } = new([.. kinds.Select(kind => kind.Section)]);

    public IInput Create(InputConfiguration configuration, InputServices services) => _byConfiguration[configuration.GetType()].Create(configuration, services);

    public ICheck Check(InputConfiguration configuration, CheckServices services) => _byConfiguration[configuration.GetType()].Check(configuration, services);
}
