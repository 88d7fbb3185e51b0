namespace HepBridge.EndToEndTests.Viewer;

/// <summary>The tests that share the one browser; they run one after another.</summary>
[CollectionDefinition(nameof(InBrowser))]
public sealed class InBrowser : ICollectionFixture<BrowserFixture>;
