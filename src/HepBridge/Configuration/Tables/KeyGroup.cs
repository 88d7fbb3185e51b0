namespace HepBridge.Configuration.Tables;

/// <summary>Related keys, possibly shared by several sections: a heading of docs/configuration.md with its table.</summary>
/// <param name="Title">The heading (Markdown).</param>
/// <param name="Intro">What to know before the table (Markdown).</param>
/// <param name="Keys">The rows.</param>
internal sealed record KeyGroup(string Title, string Intro, params IReadOnlyList<Key> Keys);
