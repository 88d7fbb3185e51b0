using System.IO.Compression;

namespace HepBridge.Tests.Esl;

/// <summary>The bytes of real event socket connections, FreeSWITCH to client.</summary>
internal static class EslCapture
{
    public static string Path(string name) => System.IO.Path.Combine(AppContext.BaseDirectory, "Captures", "esl", name);

    public static byte[] Read(string name)
    {
        using FileStream file = File.OpenRead(Path(name));
        using MemoryStream bytes = new();
        if (name.EndsWith(".gz", StringComparison.Ordinal))
        {
            using GZipStream unpacked = new(file, CompressionMode.Decompress);
            unpacked.CopyTo(bytes);
        }
        else
        {
            file.CopyTo(bytes);
        }

        return bytes.ToArray();
    }
}
