using HepBridge.Configuration.Values;

namespace HepBridge.Configuration.Tables;

/// <summary>Object <c>spool</c> of <c>hep_config</c>.</summary>
internal static class SpoolSection
{
    public const string Name = "spool";

    public static ValueKey<string?> Path { get; } = new("path", TextValues.FilePath!, null, "Directory, one per object of `hep_config`. Required.");
    public static ValueKey<long> MaxBytes { get; } = new("max_bytes", NumericValues.Size("1MB", "1000TB"), "1GB", "Largest size on disk.");

    public static ValueKey<TimeSpan> MaxAge { get; } = new("max_age", NumericValues.Duration("1m", "3650d"), "20h",
        "Older packets are dropped and counted: one row older than its tables makes Homer 7 lose a whole batch.");

    public static ValueKey<TimeSpan> Flush { get; } = new("flush", NumericValues.Duration("10ms", "1m"), "1s", "Packets unsent for longer than this are written to disk.");

    public static KeyGroup Group { get; } = new(
        "`spool`, an object in `hep_config`",
        "For `tcp` and `tls`: keeps packets on disk through collector outages and restarts of HepBridge.",
        Path, MaxBytes, MaxAge, Flush);

    public static SectionTable Table { get; } = new(Name, [Group], [], HepSection.Name);

    public static SpoolConfiguration? Make(SectionValues output, HepTransport transport, ConfigurationDiagnostics diagnostics)
    {
        if (output.Node?.Find(Name) is not { IsNothing: false } node)
        {
            return null;
        }

        SectionValues values = SectionReader.ReadObject(output.Node, Table, diagnostics);
        if (transport == HepTransport.Udp)
        {
            diagnostics.Error(node.JsonPath, "a spool requires a connection, and udp has none", "set HEP_TRANSPORT to tcp or tls, or remove the spool");
        }

        if (values.Get(Path) is not { } directory)
        {
            if (values.Node is not null && !values.Mentions(Path))
            {
                diagnostics.Error(values.PathOf(Path), "required", "specify a directory that HepBridge's user can write");
            }

            return null;
        }

        return new SpoolConfiguration { Path = directory, MaxBytes = values.Get(MaxBytes), MaxAge = values.Get(MaxAge), Flush = values.Get(Flush) };
    }
}
