using System.Net;
using HepBridge.Hep;

namespace HepBridge.Collector.Receiving;

/// <summary>Reads a file of HEP3 packets back to back: the page's export, or a spool's segment.</summary>
internal static class HepStreamFile
{
    /// <summary>Passes on every packet; false, with the reason, if the file ends inside a packet or is not such a stream.</summary>
    public static bool TryRead(ReadOnlySpan<byte> file, IHepHandler handler, out string problem)
    {
        HepSender sender = new(new IPEndPoint(IPAddress.None, 0), SenderTransport.File);
        int at = 0;
        while (at < file.Length)
        {
            HepFrame frame = HepStreamFramer.Next(file[at..], out int length);
            if (frame != HepFrame.Packet)
            {
                problem = frame == HepFrame.NeedMore
                    ? $"the file ends inside the packet that starts at byte {at}"
                    : $"no HEP3 packet at byte {at}: not a HEP3 stream, or damaged there";
                return false;
            }

            ReadOnlySpan<byte> bytes = file.Slice(at, length);
            if (HepDecoder.TryDecode(bytes, out HepPacket packet, out HepReject reason))
            {
                handler.OnPacket(packet, bytes, sender);
            }
            else
            {
                handler.OnMalformed(reason, bytes, sender);
            }

            at += length;
        }

        problem = "";
        return true;
    }
}
