using System.IO.Compression;
using HepBridge.Hep;

namespace HepBridge.Tests.Inputs.Packets;

/// <summary>The SIP of recorded calls, as mod_sofia's own capture sent it: HEP3 packets one behind the other.</summary>
internal static class SipCapture
{
    /// <summary>Of the calls of esl-plain.bin.gz.</summary>
    public static IReadOnlyList<byte[]> Session { get; } = Read("esl/sip.hep.gz");

    public static List<byte[]> Read(string file)
    {
        using GZipStream unpacked = new(File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Captures", file)), CompressionMode.Decompress);
        using MemoryStream bytes = new();
        unpacked.CopyTo(bytes);
        return Split(bytes.ToArray());
    }

    public static List<byte[]> Split(byte[] stream)
    {
        List<byte[]> packets = [];
        for (int at = 0; at < stream.Length;)
        {
            Assert.Equal(HepFrame.Packet, HepStreamFramer.Next(stream.AsSpan(at), out int length));
            packets.Add(stream[at..(at + length)]);
            at += length;
        }

        return packets;
    }
}
