namespace HepBridge.Hep;

/// <summary>FNV-1a, 64 bits: the same in every process and on every host, unlike <see cref="HashCode"/>.</summary>
public static class Fnv1a
{
    public static ulong Hash(ReadOnlySpan<byte> bytes)
    {
        ulong hash = 14_695_981_039_346_656_037;
        foreach (byte b in bytes)
        {
            hash = (hash ^ b) * 1_099_511_628_211;
        }

        return hash;
    }
}
