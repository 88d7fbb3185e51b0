namespace HepBridge.Collector.Store;

/// <summary>A handful of distinct names; more of them, or long ones, are ignored, since only a hostile sender has them.</summary>
internal sealed class BoundedNames
{
    public const int MaxNames = 16;
    public const int MaxLength = CallIds.MaxLength;

    private readonly List<string> _names = new(2);

    public IReadOnlyList<string> All => _names;

    /// <summary>What the names' text costs in memory.</summary>
    public int Bytes { get; private set; }

    /// <summary>Whether it was new and found room.</summary>
    public bool Add(string name)
    {
        if (name.Length is 0 or > MaxLength || _names.Count >= MaxNames || _names.Contains(name))
        {
            return false;
        }

        _names.Add(name);
        Bytes += name.Length * sizeof(char);
        return true;
    }
}
