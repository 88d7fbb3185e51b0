namespace HepBridge.Configuration;

/// <summary>One thing that is wrong with the configuration. It never holds a secret's text.</summary>
/// <param name="Path">Where: the JSON path (<c>esl_config[1].ESL_PORT</c>), the file's name, or an environment variable.</param>
/// <param name="What">What is wrong there.</param>
/// <param name="Advice">What to do about it.</param>
internal sealed record ConfigurationError(string Path, string What, string Advice)
{
    public override string ToString() => $"{Path}: {What}; {Advice}{(Advice.EndsWith('?') ? "" : ".")}";
}

/// <summary>Something that is allowed, but probably not what was meant. It never holds a secret's text.</summary>
/// <param name="Path">Where, as in <see cref="ConfigurationError"/>.</param>
/// <param name="What">What is odd there.</param>
/// <param name="Advice">What to do about it.</param>
internal sealed record ConfigurationWarning(string Path, string What, string Advice)
{
    public override string ToString() => $"{Path}: {What}; {Advice}{(Advice.EndsWith('?') ? "" : ".")}";
}
