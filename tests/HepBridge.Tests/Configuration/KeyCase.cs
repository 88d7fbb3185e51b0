using HepBridge.Configuration;

namespace HepBridge.Tests.Configuration;

/// <summary>One key in one section: a good value with what becomes of it, and a bad value with what is said of it.</summary>
/// <param name="Section">The section; empty: the top of the file.</param>
/// <param name="Key">The key.</param>
/// <param name="Good">A good value, as JSON.</param>
/// <param name="Made">What becomes of it.</param>
/// <param name="Expected">That, as text.</param>
/// <param name="Bad">A bad value, as JSON.</param>
/// <param name="Message">What is said of it, after the path.</param>
/// <param name="With">More keys of the same object that the key needs.</param>
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
