using System.Buffers.Binary;
using HepBridge.Fuzz.Corpora;
using HepBridge.Replay;

namespace HepBridge.Fuzz.Targets;

/// <summary>A recording of datagrams: rejected with one sentence, or converted to an event socket recording.</summary>
internal sealed class DatagramRecordingTarget() : FuzzTarget("frames", "recordings of multicast datagrams, as 'replay' reads them")
{
    public override IReadOnlyList<byte[]> Corpus { get; } = [.. Datagrams.Read("plain").Chunk(3).Take(40).Select(Framed)];

    public override Outcome Run(byte[] input)
    {
        byte[] events;
        try
        {
            events = DatagramRecording.ToEventSocket([.. input]);
        }
        catch (RecordingException)
        {
            return Outcome.Refused("no datagrams");
        }

        int frames = RecordedFrames.Frames(events).Count;
        Rule.Holds(frames > 0 == input.Length > 0);
        Rule.Holds(RecordedFrames.Frames(events).Sum(frame => frame.Length) == events.Length);
        return Outcome.Taken($"{frames}");
    }

    private static byte[] Framed(byte[][] datagrams)
    {
        List<byte> framed = [];
        byte[] length = new byte[4];
        foreach (byte[] datagram in datagrams)
        {
            BinaryPrimitives.WriteInt32BigEndian(length, datagram.Length);
            framed.AddRange(length);
            framed.AddRange(datagram);
        }

        return [.. framed];
    }
}
