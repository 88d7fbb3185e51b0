namespace HepBridge.Configuration.Tables;

/// <summary>Keys that belong together, and may stand in several sections: a heading of the README with its table.</summary>
/// <param name="Title">The heading (Markdown).</param>
/// <param name="Intro">What to know before the table (Markdown).</param>
/// <param name="Keys">The rows.</param>
internal sealed record KeyGroup(string Title, string Intro, params IReadOnlyList<Key> Keys);
