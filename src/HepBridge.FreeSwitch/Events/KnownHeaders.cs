namespace HepBridge.FreeSwitch.Events;

/// <summary>
/// Finds a header's slot by name: one multiplication, one table look-up, one case-insensitive comparison.
/// </summary>
public static class KnownHeaders
{
    /// <summary>Number of slots, including <see cref="KnownHeader.None"/>.</summary>
    public static int Count => KnownHeaderNames.All.Length;

    /// <summary>
    /// The table behind <see cref="Find"/>, for loops: in native code, each access to a static field checks whether its
    /// class is initialized.
    /// </summary>
    internal static KnownHeaderTable Table { get; } = new();

    /// <summary>The header's name as FreeSWITCH writes it.</summary>
    public static ReadOnlySpan<byte> NameOf(KnownHeader header) => Table.NameOf(header);

    /// <summary>The slot of a name, ignoring case; <see cref="KnownHeader.None"/> if it has none.</summary>
    public static KnownHeader Find(ReadOnlySpan<byte> name) => Table.Find(name);
}
