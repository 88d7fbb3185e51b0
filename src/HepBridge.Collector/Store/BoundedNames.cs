using HepBridge.Collector.Payloads;

namespace HepBridge.Collector.Store;

/// <summary>A handful of distinct names; more or longer ones, which only a hostile sender has, are ignored.</summary>
internal sealed class BoundedNames
{
    public const int MaxNames = 16;
    public const int MaxLength = CallIds.MaxLength;

    // String header, references in the list and in the index.
    private const int EntryBytes = 64;

    private readonly List<string> _names = new(2);

    public IReadOnlyList<string> All => _names;

    /// <summary>Their memory in bytes.</summary>
    public int Bytes { get; private set; }

    /// <summary>True if it was new and there was room.</summary>
    public bool Add(string name)
    {
        if (name.Length is 0 or > MaxLength || _names.Count >= MaxNames || _names.Contains(name))
        {
            return false;
        }

        _names.Add(name);
        Bytes += (2 * name.Length) + EntryBytes;
        return true;
    }
}
