using System.Buffers.Binary;
using System.Text;
using HepBridge.FreeSwitch.Multicast;

namespace HepBridge.Replay;

/// <summary>
/// Converts a recording of plain multicast datagrams (each after its length in 4 bytes, big-endian) to event socket frames, so that
/// everything that plays a <see cref="Recording"/> can play it.
/// </summary>
internal static class DatagramRecording
{
    /// <summary>Whether a file is one by its name: <c>.frames</c> or <c>.frames.gz</c>.</summary>
    public static bool IsOne(string path) =>
        path.EndsWith(".frames", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".frames.gz", StringComparison.OrdinalIgnoreCase);

    /// <summary>The same events as event socket frames.</summary>
    /// <exception cref="RecordingException">The bytes are not such a recording.</exception>
    public static byte[] ToEventSocket(byte[] recording)
    {
        using MemoryStream frames = new(recording.Length);
        for (int at = 0; at < recording.Length;)
        {
            int length = recording.Length - at < 4 ? -1 : BinaryPrimitives.ReadInt32BigEndian(recording.AsSpan(at));
            if (length < 0 || length > recording.Length - at - 4)
            {
                throw new RecordingException($"byte {at} does not start a datagram: each follows its length in 4 bytes, big-endian.");
            }

            DatagramReject reason = MulticastDatagram.Open(recording, at + 4, length, null, out int offset, out int eventLength);
            if (reason != DatagramReject.None)
            {
                throw new RecordingException($"the datagram at byte {at} contains no plain event ({reason}).");
            }

            frames.Write(Encoding.ASCII.GetBytes($"Content-Length: {eventLength}\nContent-Type: text/event-plain\n\n"));
            frames.Write(recording, offset, eventLength);
            at += 4 + length;
        }

        return frames.ToArray();
    }
}
