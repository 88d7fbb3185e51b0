using System.Buffers.Binary;
using System.Text;
using HepBridge.FreeSwitch.Multicast;

namespace HepBridge.Replay;

/// <summary>
/// A recording of plain multicast datagrams (each behind its length as 4 bytes, big-endian), turned into the event socket's form, so that
/// everything that plays a <see cref="Recording"/> plays it.
/// </summary>
internal static class DatagramRecording
{
    /// <summary>Whether the name says that a file is one: <c>.frames</c> or <c>.frames.gz</c>.</summary>
    public static bool IsOne(string path) =>
        path.EndsWith(".frames", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".frames.gz", StringComparison.OrdinalIgnoreCase);

    /// <summary>The same events as frames of an event socket.</summary>
    /// <exception cref="RecordingException">These bytes are no such recording.</exception>
    public static byte[] ToEventSocket(byte[] recording)
    {
        using MemoryStream frames = new(recording.Length);
        for (int at = 0; at < recording.Length;)
        {
            int length = recording.Length - at < 4 ? -1 : BinaryPrimitives.ReadInt32BigEndian(recording.AsSpan(at));
            if (length < 0 || length > recording.Length - at - 4)
            {
                throw new RecordingException($"byte {at} begins no datagram: each stands behind its length as 4 bytes, big-endian.");
            }

            DatagramReject reason = MulticastDatagram.Open(recording, at + 4, length, null, out int offset, out int eventLength);
            if (reason != DatagramReject.None)
            {
                throw new RecordingException($"the datagram at byte {at} holds no plain event ({reason}).");
            }

            frames.Write(Encoding.ASCII.GetBytes($"Content-Length: {eventLength}\nContent-Type: text/event-plain\n\n"));
            frames.Write(recording, offset, eventLength);
            at += 4 + length;
        }

        return frames.ToArray();
    }
}
