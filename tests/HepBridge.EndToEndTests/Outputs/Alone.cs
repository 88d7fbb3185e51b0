namespace HepBridge.EndToEndTests.Outputs;

/// <summary>Tests that measure time against a promise of the agent: nothing else of this assembly runs beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
