using HepBridge.Configuration;

namespace HepBridge.Tests.Configuration;

/// <summary>The inputs of a configuration by kind.</summary>
internal static class ConfiguredInputs
{
    extension(AgentConfiguration configuration)
    {
        public IReadOnlyList<EslInputConfiguration> EslInputs => [.. configuration.Inputs.OfType<EslInputConfiguration>()];

        public IReadOnlyList<MulticastInputConfiguration> MulticastInputs => [.. configuration.Inputs.OfType<MulticastInputConfiguration>()];

        public IReadOnlyList<AmqpInputConfiguration> AmqpInputs => [.. configuration.Inputs.OfType<AmqpInputConfiguration>()];

        public IReadOnlyList<LogFilesInputConfiguration> LogFilesInputs => [.. configuration.Inputs.OfType<LogFilesInputConfiguration>()];
    }
}
