using HepBridge.Configuration;

namespace HepBridge.Tests.Configuration;

/// <summary>One key in one section: a good value with its result, and a bad value with its error.</summary>
/// <param name="Section">The section; empty: the top level.</param>
/// <param name="Key">The key.</param>
/// <param name="Good">A good value, as JSON.</param>
/// <param name="Made">Reads the result from the configuration.</param>
/// <param name="Expected">The expected result, as text.</param>
/// <param name="Bad">A bad value, as JSON.</param>
/// <param name="Message">The error, after the path.</param>
/// <param name="With">Further keys of the same object that the key requires.</param>
internal sealed record KeyCase(
    string Section, string Key, string Good, Func<AgentConfiguration, object?> Made, string Expected, string Bad, string Message, string With = "")
{
    public string Name => $"{Section} {Key}";

    public string Path => Section.Length == 0 ? Key : $"{Section}.{Key}";

    public string Json(string value)
    {
        string keys = $"{With} \"{Key}\": {value}";
        return Section switch
        {
            "" => $$"""{ "hep_config": {}, "esl_config": {}, {{keys}} }""",
            "hep_config" => $$"""{ "hep_config": { {{keys}} }, "esl_config": {} }""",
            "hep_config.spool" => $$"""{ "hep_config": { "HEP_TRANSPORT": "tcp", "spool": { {{keys}} } }, "esl_config": {} }""",
            "esl_config" => $$"""{ "hep_config": {}, "esl_config": { {{keys}} } }""",
            "multicast_config" => $$"""{ "hep_config": {}, "multicast_config": { {{keys}} } }""",
            "logs_config" => $$"""{ "hep_config": {}, "logs_config": { "logs": { "path": "/x.log", "pattern": "(a)" }, {{keys}} } }""",
            "logs_config.logs" => $$"""{ "hep_config": {}, "logs_config": { "logs": { {{keys}} } } }""",
            _ => $$"""{ "hep_config": {}, "esl_config": {}, "{{Section}}": { {{keys}} } }""",
        };
    }
}
