namespace HepBridge.Reports;

/// <summary>Decides which JSON values are left out of a payload that was too long.</summary>
/// <param name="limit">Values of at least this many bytes are left out.</param>
internal struct ValueBudget(int limit)
{
    /// <summary>The largest JSON value that was not left out, in bytes.</summary>
    public int Largest { get; private set; }

    /// <summary>Whether a JSON value was left out.</summary>
    public bool LeftOut { get; private set; }

    /// <summary>Whether a value of this length may be written.</summary>
    public bool Admit(int length)
    {
        if (length >= limit)
        {
            LeftOut = true;
            return false;
        }

        Largest = Math.Max(Largest, length);
        return true;
    }
}
