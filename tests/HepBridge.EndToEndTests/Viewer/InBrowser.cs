namespace HepBridge.EndToEndTests.Viewer;

/// <summary>Tests that share the browser; they run one at a time.</summary>
[CollectionDefinition(nameof(InBrowser))]
public sealed class InBrowser : ICollectionFixture<BrowserFixture>;
