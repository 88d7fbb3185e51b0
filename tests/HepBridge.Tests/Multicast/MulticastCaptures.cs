using System.Buffers.Binary;
using System.IO.Compression;

namespace HepBridge.Tests.Multicast;

/// <summary>Datagrams from a real mod_event_multicast, and the same events from the event socket.</summary>
internal static class MulticastCaptures
{
    public const string Psk = "hep-bridge-psk";

    /// <summary>A file's datagrams, each preceded by its 4-byte big-endian length.</summary>
    public static List<byte[]> Datagrams(string name)
    {
        byte[] all = Unpack(name + ".frames.gz");
        List<byte[]> datagrams = [];
        for (int at = 0; at < all.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(all.AsSpan(at));
            datagrams.Add(all[(at + 4)..(at + 4 + length)]);
            at += 4 + length;
        }

        return datagrams;
    }

    public static byte[] Unpack(string file)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Captures", "multicast", file);
        using GZipStream unzipped = new(File.OpenRead(path), CompressionMode.Decompress);
        using MemoryStream bytes = new();
        unzipped.CopyTo(bytes);
        return bytes.ToArray();
    }
}
