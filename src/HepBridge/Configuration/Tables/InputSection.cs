namespace HepBridge.Configuration.Tables;

/// <summary>The section of one kind of input: one object, or a list of objects.</summary>
/// <param name="Name">The section's key.</param>
/// <param name="Group">The keys that only this section has.</param>
/// <param name="Shared">The groups that it shares with other sections.</param>
/// <param name="Make">Makes the configuration of one object.</param>
internal sealed record InputSection(
    string Name, KeyGroup Group, IReadOnlyList<KeyGroup> Shared, Func<SectionValues, ReportOptions, ConfigurationDiagnostics, InputConfiguration> Make)
{
    /// <summary>What every input section has: the sender's identity and <c>debug</c>.</summary>
    public static IReadOnlyList<KeyGroup> Sender { get; } = [IdentityKeys.Group, DebugKey.Group];

    /// <summary>Additional keys of an input of FreeSWITCH events: report flags and options.</summary>
    public static IReadOnlyList<KeyGroup> Events { get; } = [.. Sender, ReportFlagKeys.Group, ReportKeys.Group];

    /// <summary>Objects within it that have tables of their own.</summary>
    public IReadOnlyList<SectionTable> Nested { get; init; } = [];

    public SectionTable Table => field ??= new(Name, [Group, .. Shared], [.. Nested.Select(table => table.Name)]);
}
