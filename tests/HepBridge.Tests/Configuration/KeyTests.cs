using HepBridge.Configuration;

namespace HepBridge.Tests.Configuration;

public class KeyTests
{
    public static TheoryData<string> Names => [.. KeyCases.All.Select(keyCase => keyCase.Name)];

    [Fact]
    public void Every_key_of_every_section_has_a_case() =>
        Assert.Equal(KeyCases.NamesInTables().Order(StringComparer.Ordinal), KeyCases.All.Select(keyCase => keyCase.Name).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Names))]
    public void A_good_value_reaches_the_configuration(string name)
    {
        KeyCase keyCase = Case(name);
        AgentConfiguration configuration = Reading.Good(keyCase.Json(keyCase.Good), files: KeyCases.Files);
        Assert.Equal(keyCase.Expected, KeyCases.Text(keyCase.Made(configuration)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_bad_value_is_reported_with_its_path_and_advice(string name)
    {
        KeyCase keyCase = Case(name);
        Assert.Equal($"{keyCase.Path}: {keyCase.Message}", Reading.Error(keyCase.Json(keyCase.Bad), files: KeyCases.Files));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Keys_are_case_insensitive(string name)
    {
        KeyCase keyCase = Case(name);
        string json = keyCase.Json(keyCase.Good).Replace($"\"{keyCase.Key}\"", $"\"{Swapped(keyCase.Key)}\"", StringComparison.Ordinal);
        Assert.Equal(keyCase.Expected, KeyCases.Text(keyCase.Made(Reading.Good(json, files: KeyCases.Files))));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_object_instead_of_a_value_is_rejected(string name)
    {
        KeyCase keyCase = Case(name);
        Assert.StartsWith($"{keyCase.Path}: expected a single value, not an object; ", Reading.Error(keyCase.Json("{ \"x\": 1 }"), files: KeyCases.Files), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Null_is_the_same_as_no_key(string name)
    {
        KeyCase keyCase = Case(name);
        if (name is not ("hep_config.spool path" or "logs_config.logs path" or "logs_config.logs pattern"))
        {
            string without = keyCase.Json("null").Replace($"\"{keyCase.Key}\": null", "", StringComparison.Ordinal);
            Assert.Equal(
                KeyCases.Text(keyCase.Made(Reading.Good(without, files: KeyCases.Files))),
                KeyCases.Text(keyCase.Made(Reading.Good(keyCase.Json("null"), files: KeyCases.Files))));
        }
    }

    private static KeyCase Case(string name) => KeyCases.All.Single(keyCase => keyCase.Name == name);

    private static string Swapped(string key) => string.Concat(key.Select(c => char.IsUpper(c) ? char.ToLowerInvariant(c) : char.ToUpperInvariant(c)));
}
