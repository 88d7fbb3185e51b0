using HepBridge.Collector.Printing;

namespace HepBridge.Configuration;

/// <summary>An error in the configuration. Never contains a secret.</summary>
/// <param name="Path">Where: a JSON path (<c>esl_config[1].ESL_PORT</c>), the file's name, or an environment variable.</param>
/// <param name="What">What is wrong.</param>
/// <param name="Advice">How to fix it.</param>
internal sealed record ConfigurationError(string Path, string What, string Advice)
{
    public override string ToString() => VisibleText.Line($"{Path}: {What}; {Advice}{(Advice.EndsWith('?') ? "" : ".")}");
}

/// <summary>Something that is valid but probably a mistake. Never contains a secret.</summary>
/// <param name="Path">Where, as in <see cref="ConfigurationError"/>.</param>
/// <param name="What">What is suspicious.</param>
/// <param name="Advice">What to do about it.</param>
internal sealed record ConfigurationWarning(string Path, string What, string Advice)
{
    public override string ToString() => VisibleText.Line($"{Path}: {What}; {Advice}{(Advice.EndsWith('?') ? "" : ".")}");
}
