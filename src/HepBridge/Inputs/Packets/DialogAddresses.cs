using HepBridge.Hep;

namespace HepBridge.Inputs.Packets;

/// <summary>
/// Finds the IPv6 addresses of SIP packets that FreeSWITCH sends as zeros (signalwire/freeswitch#1535). Request: source
/// is the top Via, destination the host of the first Route, else of the Request-URI. Response: destination is
/// the top Via. An address that the message does not contain comes from earlier messages of
/// its Call-ID: the peer of the known address, else the address with the same port; for a response, finally from its
/// Contact. Otherwise it stays zero. Remembers the last few thousand Call-IDs in a fixed table.
/// </summary>
internal sealed class DialogAddresses
{
    private const int Size = 4_096;
    private Pair[]? _pairs;

    /// <summary>The addresses to fill in; false if nothing is missing or nothing is known.</summary>
    public bool TryFill(in HepPacket packet, out HepAddress source, out HepAddress destination)
    {
        source = default;
        destination = default;
        if ((!packet.Source.IsUnspecified && !packet.Destination.IsUnspecified) || !SipHead.TryRead(packet.Payload, out SipHead head))
        {
            return false;
        }

        HepAddress from = packet.Source;
        HepAddress to = packet.Destination;
        Take(ref head.IsRequest ? ref from : ref to, SipEndpoint.OfVia(head.Via));
        if (head.IsRequest)
        {
            Take(ref to, SipEndpoint.OfTarget(head));
        }

        if (!head.CallId.IsEmpty)
        {
            ulong hash = Fnv1a.Hash(head.CallId);
            ref Pair pair = ref (_pairs ??= new Pair[Size])[(int)(hash % Size)];
            if (pair.Hash == hash)
            {
                from = from.IsUnspecified ? pair.Other(to, packet.SourcePort) : from;
                to = to.IsUnspecified ? pair.Other(from, packet.DestinationPort) : to;
            }

            if (!head.IsRequest)
            {
                Take(ref from, SipEndpoint.OfUri(head.Contact));
            }

            if (!from.IsUnspecified && !to.IsUnspecified)
            {
                pair = new Pair { Hash = hash, One = from, OnePort = packet.SourcePort, Another = to, AnotherPort = packet.DestinationPort };
            }
        }

        source = packet.Source.IsUnspecified ? from : default;
        destination = packet.Destination.IsUnspecified ? to : default;
        return !source.IsUnspecified || !destination.IsUnspecified;
    }

    private static void Take(ref HepAddress address, SipEndpoint found)
    {
        if (address.IsUnspecified && found.Address.IsIPv6)
        {
            address = found.Address;
        }
    }

    private struct Pair
    {
        public ulong Hash;
        public HepAddress One;
        public ushort OnePort;
        public HepAddress Another;
        public ushort AnotherPort;

        public readonly HepAddress Other(HepAddress known, ushort port) =>
            known == One && !known.IsUnspecified ? Another
            : known == Another && !known.IsUnspecified ? One
            : OnePort == AnotherPort ? default
            : port == OnePort ? One
            : port == AnotherPort ? Another
            : default;
    }
}
