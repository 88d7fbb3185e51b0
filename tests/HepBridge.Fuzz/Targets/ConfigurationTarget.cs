using System.Text;
using HepBridge.Configuration;
using HepBridge.Fuzz.Corpora;
using HepBridge.Fuzz.Mutations;
using HepBridge.Hosting;

namespace HepBridge.Fuzz.Targets;

/// <summary>
/// A configuration file, preceded by up to three environment variables in lines <c>#env NAME=VALUE</c>: gives a
/// configuration, or errors with a path and advice; never both, and never a secret in them.
/// </summary>
internal sealed class ConfigurationTarget() : FuzzTarget("config", "configuration files, with environment variables over them")
{
    private const string Secret = "hunter2hunter2";
    private static readonly string[] _variables =
        ["esl_config__ESL_PASS", "esl_config__0__ESL_PORT", "hep_config__HEP_SERVER", "hep_config__0__spool__path",
         "log_level", "reports__hold_time", "web__listen", "__", "esl_config", "x__y",
         "hep_config__99999999999__a", "multicast_config__1__MULTICAST_PORT"];

    private static readonly string[] _values = ["", "1", "-1", "true", "[]", "{}", "\"a\"", "127.0.0.1:1", "5s", "null", "\u0000", "a,b"];

    private readonly Mutation[] _own =
    [
        .. TextMutations.All, .. Enumerable.Repeat<Mutation>(JsonMutations.Change, 12),
        TextMutations.Words("\"esl_config\":", "\"spool\":", "\"HEP_SERVER\"", "\"ESL_PASS_FILE\": \"x\",", "//", "/*", "\uFEFF", "\"hep_config\":[],", "\"logs_config\":{},"),
        Utf16, AddVariable,
    ];

    public override IReadOnlyList<byte[]> Corpus { get; } =
    [
        .. RepositoryFiles.Configurations(),
        """
        { "hep_config": [{ "HEP_SERVER": ["h", "[::1]:90"], "HEP_TRANSPORT": "tls", "ring": "1MB", "spool": { "path": "/x", "max_age": "20h" } }],
          "esl_config": { "ESL_SERVER": "fs1", "ESL_PORT": 8021, "ESL_PASS": "hunter2hunter2", "qos_type": [34, 35], "report_dtmf": "masked", "HEP_ID": 7, "HEP_PASS": "hunter2hunter2" },
          "multicast_config": [{ "MULTICAST_ADDRESS": ["225.1.1.1"], "MULTICAST_PSK": "hunter2hunter2", "allowed_senders": ["10.0.0.0/8"] }],
          "reports": { "flavour": "homer7", "hold_time": "2m" }, "web": { "listen": "127.0.0.1:1" }, "metrics": { "listen": "127.0.0.1:2" }, "log_level": "debug" }
        """u8.ToArray(),
    ];

    protected override IEnumerable<Mutation> OwnMutations => _own;

    public override Outcome Run(byte[] input)
    {
        Dictionary<string, string> variables = [];
        ReadOnlySpan<byte> file = input;
        while (variables.Count < 3 && file.StartsWith("#env "u8) && file.IndexOf((byte)'\n') is var end and > 0)
        {
            string[] pair = Encoding.UTF8.GetString(file[5..end]).Split('=', 2);
            variables[EnvironmentVariables.Prefix + pair[0]] = pair.Length > 1 ? pair[1] : "";
            file = file[(end + 1)..];
        }

        byte[] text = file.ToArray();
        ConfigurationResult result = ConfigurationReader.Read("c", new ConfigurationEnvironment
        {
            Variables = variables,
            FileExists = _ => true,
            ReadFile = path =>
                path == "c" ? text
                : path.Contains('x', StringComparison.Ordinal) ? throw new FileNotFoundException($"Could not find file '{path}'.")
                : "of a file"u8.ToArray(),
        }, InputKinds.BuiltIn.Sections);
        Rule.Holds(result.Configuration is null == result.Errors.Count > 0);
        foreach (string line in result.Lines())
        {
            Rule.Holds(!line.Any(c => char.IsControl(c)));
            Rule.Holds(line.Contains(": ", StringComparison.Ordinal) && line.Contains("; ", StringComparison.Ordinal));
            Rule.Holds(!line.Contains(Secret, StringComparison.Ordinal) || Misplaced(text));
        }

        Rule.Holds(result.Errors.All(error => error.Path.Length > 0 && error.What.Length > 0 && error.Advice.Length > 0));
        if (result.Configuration is { } configuration)
        {
            Rule.Holds(ConfigurationSummary.Lines(configuration).All(line => !line.Contains(Secret, StringComparison.Ordinal) || Misplaced(text)));
            return Outcome.Taken($"{configuration.Outputs.Count} {configuration.Inputs.Count} {result.Warnings.Count}");
        }

        return Outcome.Refused(result.Errors[0].What.Length > 40 ? result.Errors[0].What[..40] : result.Errors[0].What);
    }

    // A mutation can move the secret's text to a place that is not secret, where it may be shown.
    private static bool Misplaced(byte[] text)
    {
        using StreamReader decoded = new(new MemoryStream(text));
        string whole = decoded.ReadToEnd();
        int right = new[] { "\"ESL_PASS\"", "\"HEP_PASS\"", "\"MULTICAST_PSK\"" }.Sum(key => whole.Replace(" ", "", StringComparison.Ordinal).Split($"{key}:\"{Secret}\"").Length - 1);
        return whole.Split(Secret).Length - 1 > right;
    }

    private static void Utf16(Mutant mutant, Dice dice)
    {
        if (dice.OneIn(10))
        {
            string text = Encoding.UTF8.GetString(mutant.Bytes);
            mutant.Set([.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(text)]);
        }
    }

    private static void AddVariable(Mutant mutant, Dice dice) => mutant.Insert(0, Encoding.UTF8.GetBytes($"#env {dice.Pick(_variables)}={dice.Pick(_values)}\n"));
}
