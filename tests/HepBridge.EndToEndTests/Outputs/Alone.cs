namespace HepBridge.EndToEndTests.Outputs;

/// <summary>Tests that measure time against a promise of the agent, or the memory of their own process: no other test of this assembly runs at the same time.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
