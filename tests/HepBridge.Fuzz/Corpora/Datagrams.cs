using System.Buffers.Binary;

namespace HepBridge.Fuzz.Corpora;

/// <summary>Datagrams of a real mod_event_multicast.</summary>
internal static class Datagrams
{
    /// <summary>The psk of the recordings.</summary>
    public const string Psk = "hep-bridge-psk";

    /// <summary>A file's datagrams, each preceded by its 4-byte big-endian length.</summary>
    public static List<byte[]> Read(string name)
    {
        byte[] all = RepositoryFiles.Capture("multicast", name + ".frames.gz");
        List<byte[]> datagrams = [];
        for (int at = 0; at < all.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(all.AsSpan(at));
            datagrams.Add(all[(at + 4)..(at + 4 + length)]);
            at += 4 + length;
        }

        return datagrams;
    }

    /// <summary>A selection of them, short and long.</summary>
    public static IReadOnlyList<byte[]> Some(string name, int count) =>
        [.. Read(name).OrderBy(datagram => datagram.Length).DistinctBy(datagram => datagram.Length / 64).Take(count)];
}
