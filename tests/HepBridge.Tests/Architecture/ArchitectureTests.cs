using HepBridge.Tests.Configuration;

namespace HepBridge.Tests.Architecture;

/// <summary>Which assemblies and folders may depend on which; see CONTRIBUTING.md.</summary>
public class ArchitectureTests
{
    [Theory]
    [InlineData("HepBridge.Hep")]
    [InlineData("HepBridge.FreeSwitch")]
    [InlineData("HepBridge.Masking")]
    [InlineData("HepBridge.Collector", "HepBridge.Hep", "HepBridge.Masking")]
    [InlineData("HepBridge.Replay", "HepBridge.FreeSwitch", "HepBridge.Hep")]
    public void An_assembly_references_only_these(string assembly, params string[] allowed) =>
        Assert.Equal(allowed, KnownRooms.References(assembly));

    [Theory]
    [InlineData("HepBridge.FreeSwitch")]
    [InlineData("HepBridge.Collector")]
    [InlineData("HepBridge.Replay")]
    [InlineData("HepBridge")]
    public void Namespaces_form_no_cycle(string assembly) => Assert.Null(KnownRooms.Of(assembly).FindCircle());

    /// <summary>
    /// A folder of the agent, and the folders it may use. An event flows Inputs → Pipeline → Calls → Reports → Outputs;
    /// a report reads the leg that Calls found.
    /// </summary>
    [Theory]
    [InlineData("Diagnostics")]
    [InlineData("Configuration", "Diagnostics")]
    [InlineData("Calls", "Configuration", "Diagnostics")]
    [InlineData("Outputs", "Configuration", "Diagnostics")]
    [InlineData("Reports", "Calls", "Configuration", "Diagnostics", "Outputs")]
    [InlineData("Pipeline", "Calls", "Configuration", "Diagnostics", "Outputs", "Reports")]
    [InlineData("Inputs", "Configuration", "Diagnostics", "Outputs", "Pipeline", "Reports")]
    [InlineData("Checks", "Configuration", "Diagnostics", "Inputs", "Outputs", "Reports")]
    [InlineData("Hosting", "Calls", "Checks", "Configuration", "Diagnostics", "Inputs", "Outputs", "Pipeline", "Reports")]
    public void A_folder_of_the_agent_uses_only_these(string room, params string[] allowed)
    {
        IReadOnlyDictionary<string, string> known = KnownRooms.Of("HepBridge").KnownBy(room);
        Assert.Equal([], known.Where(one => !allowed.Contains(one.Key)).Select(one => $"{room}/{one.Value} knows {one.Key}"));
    }

    [Fact]
    public void Every_source_file_has_fewer_than_300_lines() =>
        Assert.Equal([], from path in Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
                         where !path.Contains("/obj/", StringComparison.Ordinal)
                         let lines = File.ReadLines(path).Count()
                         where lines >= 300
                         select $"{path}: {lines}");

    [Fact]
    public void Every_folder_of_the_agent_has_a_rule_except_Commands_which_may_use_all() =>
        Assert.Equal(["Calls", "Checks", "Commands", "Configuration", "Diagnostics", "Hosting", "Inputs", "Outputs", "Pipeline", "Reports"], KnownRooms.Of("HepBridge").Rooms);
}
