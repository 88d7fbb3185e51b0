namespace HepBridge.Configuration.Tables;

/// <summary>The section of one kind of input: one object, or a list of objects.</summary>
/// <param name="Name">The section's key.</param>
/// <param name="Group">The keys of this section alone.</param>
/// <param name="Shared">The groups shared with other sections.</param>
/// <param name="Make">Creates the configuration from one object.</param>
internal sealed record InputSection(
    string Name, KeyGroup Group, IReadOnlyList<KeyGroup> Shared, Func<SectionValues, ReportOptions, ConfigurationDiagnostics, InputConfiguration> Make)
{
    /// <summary>Keys of every input section: the sender's identity and <c>debug</c>.</summary>
    public static IReadOnlyList<KeyGroup> Sender { get; } = [IdentityKeys.Group, DebugKey.Group];

    /// <summary>Keys of an input of FreeSWITCH events: in addition, report flags and options.</summary>
    public static IReadOnlyList<KeyGroup> Events { get; } = [.. Sender, ReportFlagKeys.Group, ReportKeys.Group];

    /// <summary>Nested objects that have their own tables.</summary>
    public IReadOnlyList<SectionTable> Nested { get; init; } = [];

    public SectionTable Table => field ??= new(Name, [Group, .. Shared], [.. Nested.Select(table => table.Name)]);
}
