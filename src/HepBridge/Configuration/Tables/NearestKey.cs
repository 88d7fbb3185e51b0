namespace HepBridge.Configuration.Tables;

/// <summary>Suggests the key that a user may have meant.</summary>
internal static class NearestKey
{
    /// <summary>Longer names are not typos of a known one.</summary>
    private const int MaxLength = 40;

    /// <summary>The nearest of some names, with at most a third of its letters different; null if none is near.</summary>
    public static string? Find(string name, IEnumerable<string> names)
    {
        if (name.Length is 0 or > MaxLength)
        {
            return null;
        }

        string? nearest = null;
        int least = int.MaxValue;
        string letters = Letters(name);
        foreach (string candidate in names)
        {
            string other = Letters(candidate);
            int distance = Distance(letters, other);
            if (distance < least && distance <= Math.Max(1, Math.Min(letters.Length, other.Length) / 3))
            {
                least = distance;
                nearest = candidate;
            }
        }

        return nearest;
    }

    private static string Letters(string name) =>
        name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToUpperInvariant();

    // Insertions, deletions, substitutions, and transpositions of neighbors (optimal string alignment).
    private static int Distance(string a, string b)
    {
        int[] beforeLast = new int[b.Length + 1];
        int[] last = new int[b.Length + 1];
        int[] row = new int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++)
        {
            last[j] = j;
        }

        for (int i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int cost = a[i - 1] == b[j - 1] ? 0 : 1;
                row[j] = Math.Min(Math.Min(last[j] + 1, row[j - 1] + 1), last[j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
                }
            }

            (beforeLast, last, row) = (last, row, beforeLast);
        }

        return last[b.Length];
    }
}
