namespace HepBridge.Tests.Configuration;

public class EnvironmentVariablesTests
{
    private const string Listed = """{ "hep_config": { "HEP_SERVER": ["a", "b"] }, "esl_config": [{ "ESL_PORT": 1 }, { "ESL_PORT": 2 }] }""";

    [Fact]
    public void A_variable_overrides_the_file() =>
        Assert.Equal(8055, Reading.Good("""{ "hep_config": {}, "esl_config": { "ESL_PORT": 1 } }""", Variables("HEPBRIDGE_esl_config__ESL_PORT", "8055")).EslInputs[0].Port);

    [Fact]
    public void A_variable_adds_a_missing_key()
    {
        Assert.Equal("pw", Reading.Good("""{ "hep_config": {}, "esl_config": {} }""", Variables("hepbridge_ESL_CONFIG__esl_pass", "pw")).EslInputs[0].Password);
        Assert.Equal("pw", Reading.Good("""{ "hep_config": {} }""", Variables("HEPBRIDGE_esl_config__ESL_PASS", "pw")).EslInputs[0].Password);
        Assert.Equal("pw", Reading.Good("""{ "hep_config": {}, "esl_config": [] }""", Variables("HEPBRIDGE_esl_config__0__ESL_PASS", "pw")).EslInputs[0].Password);
        Assert.Equal("00:00:05", KeyCases.Text(Reading.Good(Reading.Least, Variables("HEPBRIDGE_statistics_interval", "5")).StatisticsInterval));
        Assert.Equal("/x", Reading.Good("""{ "hep_config": { "HEP_TRANSPORT": "tcp" }, "esl_config": {} }""", Variables("HEPBRIDGE_hep_config__spool__path", "/x")).Outputs[0].Spool!.Path);
    }

    [Fact]
    public void An_index_selects_an_object_of_a_list()
    {
        Dictionary<string, string> variables = Variables("HEPBRIDGE_esl_config__1__ESL_PASS", "two");
        variables["HEPBRIDGE_esl_config__0__ESL_PASS"] = "one";
        variables["HEPBRIDGE_hep_config__HEP_SERVER__1"] = "c";
        HepBridge.Configuration.AgentConfiguration read = Reading.Good(Listed, variables);
        Assert.Equal(["one", "two"], read.EslInputs.Select(input => input.Password));
        Assert.Equal("a:9060 c:9060", string.Join(' ', read.Outputs[0].Servers));
    }

    [Fact]
    public void The_next_index_adds_an_object_even_beyond_ten()
    {
        Dictionary<string, string> variables = [];
        for (int index = 2; index < 12; index++)
        {
            variables[$"HEPBRIDGE_esl_config__{index}__ESL_PORT"] = $"{index + 1}";
        }

        Assert.Equal(Enumerable.Range(1, 12), Reading.Good(Listed, variables).EslInputs.Select(input => input.Port));
    }

    [Theory]
    [InlineData(Listed, "HEPBRIDGE_esl_config__ESL_PASS", "esl_config is a list; write the index: HEPBRIDGE_esl_config__0__ESL_PASS.")]
    [InlineData(Listed, "HEPBRIDGE_esl_config__3__ESL_PASS", "esl_config ends at esl_config[1]; the next index is HEPBRIDGE_esl_config__2.")]
    [InlineData(Listed, "HEPBRIDGE_hep_config__HEP_SERVER", "hep_config.HEP_SERVER is a list; write an index: HEPBRIDGE_hep_config__HEP_SERVER__0.")]
    [InlineData(Listed, "HEPBRIDGE_hep_config", "hep_config is an object; write a key: HEPBRIDGE_hep_config__KEY.")]
    [InlineData("""{ "hep_config": {}, "esl_config": { "ESL_PORT": 1 } }""", "HEPBRIDGE_esl_config__0__ESL_PASS", "esl_config is not a list; omit the index: HEPBRIDGE_esl_config__ESL_PASS.")]
    [InlineData("""{ "hep_config": { "HEP_SERVER": "a" }, "esl_config": {} }""", "HEPBRIDGE_hep_config__HEP_SERVER__0", "hep_config.HEP_SERVER is not a list; omit the index: HEPBRIDGE_hep_config__HEP_SERVER.")]
    [InlineData("""{ "hep_config": { "HEP_SERVER": "a" }, "esl_config": {} }""", "HEPBRIDGE_hep_config__HEP_SERVER__x", "hep_config.HEP_SERVER is a single value; write HEPBRIDGE_hep_config__HEP_SERVER.")]
    public void The_wrong_form_is_rejected_with_the_right_one(string json, string name, string expected) =>
        Assert.Equal($"environment variable {name}: {expected}", Reading.Error(json, Variables(name, "1")));

    [Fact]
    public void A_bad_value_names_its_variable() =>
        Assert.Equal(
            "esl_config[1].ESL_PORT (environment variable HEPBRIDGE_esl_config__1__ESL_PORT): \"x\" is not a port; write a whole number from 1 to 65535.",
            Reading.Error(Listed, Variables("HEPBRIDGE_esl_config__1__ESL_PORT", "x")));

    [Theory]
    [InlineData("HEPBRIDGE_esl_confg__ESL_PASS", "esl_confg (environment variable HEPBRIDGE_esl_confg__ESL_PASS): unknown key; did you mean esl_config?")]
    [InlineData("HEPBRIDGE_reports__flavor", "reports.flavor (environment variable HEPBRIDGE_reports__flavor): unknown key; did you mean flavour?")]
    [InlineData("HEPBRIDGE_a____b", "HEPBRIDGE_a____b: not the path of a key; write HEPBRIDGE_SECTION__KEY, or HEPBRIDGE_SECTION__0__KEY in a list.")]
    [InlineData("HEPBRIDGE_a__b__c__d__e__f__g__h__i", "HEPBRIDGE_a__b__c__d__e__f__g__h__i: not the path of a key; write HEPBRIDGE_SECTION__KEY, or HEPBRIDGE_SECTION__0__KEY in a list.")]
    public void An_unknown_path_is_an_error(string name, string expected) => Assert.Equal(expected, Reading.Error(Reading.Least, Variables(name, "hidden")));

    [Theory]
    [InlineData("HEPBRIDGE_log_levl", "HEPBRIDGE_log_levl: this environment variable matches no key and has no effect; did you mean HEPBRIDGE_log_level?")]
    [InlineData("HEPBRIDGE_PORT_9060_UDP_ADDR", null)]
    [InlineData("HEPBRIDGE_SERVICE_HOST", null)]
    [InlineData("HEPBRIDGE_CONFIG", null)]
    [InlineData("HOME", null)]
    public void A_foreign_variable_is_at_most_a_warning(string name, string? expected)
    {
        Reading.Good(Reading.Least, Variables(name, Reading.Path));
        Assert.Equal(expected, Reading.Warnings(Reading.Least, Variables(name, Reading.Path)).SingleOrDefault());
    }

    private static Dictionary<string, string> Variables(string name, string value) => new() { [name] = value };
}
