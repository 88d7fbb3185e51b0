using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using HepBridge.Hep;

namespace HepBridge.EndToEndTests.Collectors;

/// <summary>The SIP of the recorded calls, as sent by mod_sofia's own capture: one HEP3 packet per message.</summary>
internal static class SwitchSip
{
    /// <summary>Packets to send before checking that they arrived: UDP has no other flow control.</summary>
    private const int Batch = 16;

    /// <summary>The recording, a stream of HEP packets.</summary>
    public static string RecordingPath { get; } = Path.Combine(AppContext.BaseDirectory, "Captures", "esl", "sip.hep.gz");

    /// <summary>The packets, byte for byte, in their original order.</summary>
    public static IReadOnlyList<byte[]> Packets { get; } = ReadPackets();

    /// <summary>What a collector should store for them.</summary>
    public static IReadOnlyList<StoredPacket> Messages { get; } = [.. Packets.Select(Decode)];

    /// <summary>The Call-IDs of calls and registrations.</summary>
    public static IReadOnlySet<string> CallIds { get; } = Messages.Select(static message => message.CallId).ToHashSet();

    /// <summary>Sends packets by UDP, each batch after the previous one has arrived.</summary>
    public static async Task SendAsync(int port, IReadOnlyList<byte[]> packets, Func<int, Task> arrived)
    {
        using UdpClient socket = new(AddressFamily.InterNetwork);
        for (int sent = 0; sent < packets.Count; sent++)
        {
            await socket.SendAsync(packets[sent], new IPEndPoint(IPAddress.Loopback, port));
            if ((sent + 1) % Batch == 0 || sent + 1 == packets.Count)
            {
                await arrived(sent + 1);
            }
        }
    }

    /// <summary>The packet with an authentication key, which mod_sofia never sends.</summary>
    public static byte[] WithKey(byte[] packet, string key)
    {
        byte[] chunk = [0, 0, 0, 0x0e, 0, (byte)(6 + key.Length), .. Encoding.ASCII.GetBytes(key)];
        byte[] whole = [.. packet, .. chunk];
        BinaryPrimitives.WriteUInt16BigEndian(whole.AsSpan(4), (ushort)whole.Length);
        return whole;
    }

    private static StoredPacket Decode(byte[] packet)
    {
        Assert.True(HepDecoder.TryDecode(packet, out HepPacket message, out HepReject reject), reject.ToString());
        string payload = Encoding.UTF8.GetString(message.Payload);
        return new StoredPacket(
            (int)message.PayloadType,
            StoredPacket.CallIdOf(payload),
            (message.Seconds * 1_000_000L) + message.Microseconds,
            StoredPacket.End(message.Source.ToString(), message.SourcePort),
            StoredPacket.End(message.Destination.ToString(), message.DestinationPort),
            payload);
    }

    private static List<byte[]> ReadPackets()
    {
        using GZipStream unpacked = new(File.OpenRead(RecordingPath), CompressionMode.Decompress);
        using MemoryStream whole = new();
        unpacked.CopyTo(whole);
        List<byte[]> packets = [];
        for (ReadOnlySpan<byte> rest = whole.ToArray(); !rest.IsEmpty;)
        {
            Assert.Equal(HepFrame.Packet, HepStreamFramer.Next(rest, out int length));
            packets.Add(rest[..length].ToArray());
            rest = rest[length..];
        }

        return packets;
    }
}
