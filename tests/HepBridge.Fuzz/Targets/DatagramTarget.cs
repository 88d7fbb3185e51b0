using HepBridge.FreeSwitch.Events;
using HepBridge.FreeSwitch.Multicast;
using HepBridge.Fuzz.Corpora;
using HepBridge.Fuzz.Mutations;

namespace HepBridge.Fuzz.Targets;

/// <summary>A multicast datagram: an event within its limits, or a reason; an accepted one can be sent again with the same result.</summary>
internal sealed class DatagramTarget : FuzzTarget
{
    private readonly PskCipher? _cipher;
    private readonly MulticastDatagramWriter _writer;
    private readonly IReadOnlyList<byte[]> _plain = Datagrams.Some("psk.decrypted", 60);
    private readonly EventParser _parser = new();
    private readonly byte[] _made = new byte[MulticastDatagram.MaxLength];
    private readonly Mutation[] _own;

    public DatagramTarget(string name, string what, bool isEncrypted)
        : base(name, what)
    {
        _cipher = isEncrypted ? new PskCipher(System.Text.Encoding.ASCII.GetBytes(Datagrams.Psk)) : null;
        _writer = new MulticastDatagramWriter("", _cipher);
        Corpus = isEncrypted ? Datagrams.Some("psk", 40) : [.. Datagrams.Some("plain", 80), .. Datagrams.Some("all", 20), .. Datagrams.Some("ipv6", 10)];
        _own = [.. TextMutations.All, AddTrailer, AddNuls];
    }

    public override IReadOnlyList<byte[]> Corpus { get; }

    protected override IEnumerable<Mutation> OwnMutations => _own;

    public override void Make(Mutant mutant, Dice dice)
    {
        if (_cipher is null || dice.OneIn(3))
        {
            base.Make(mutant, dice);
            return;
        }

        // Mutated cipher text decrypts to noise: to get any further, mutate the event before encrypting it.
        byte[] text = dice.Pick(_plain);
        mutant.Set(text.AsSpan(0, text.AsSpan().IndexOf(MulticastDatagram.Trailer) is var end and >= 0 ? end : text.Length));
        Mutate(mutant, dice);
        if (_writer.TryWrite(mutant.Bytes, new Guid((uint)dice.Next64(), 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), _made, out int written))
        {
            mutant.Set(_made.AsSpan(0, written));
        }
    }

    public override Outcome Run(byte[] input)
    {
        if (input.Length > MulticastDatagram.MaxLength)
        {
            return Outcome.Refused("larger than a datagram");
        }

        // In the middle of a larger buffer, like a received batch of datagrams.
        const int Offset = 24;
        byte[] buffer = new byte[input.Length + (2 * Offset)];
        buffer.AsSpan().Fill(0xa5);
        input.CopyTo(buffer, Offset);
        DatagramReject reason = MulticastDatagram.Open(buffer, Offset, input.Length, _cipher, out int offset, out int length);
        Rule.Holds(!buffer.AsSpan(0, Offset).ContainsAnyExcept((byte)0xa5) && !buffer.AsSpan(Offset + input.Length).ContainsAnyExcept((byte)0xa5));
        if (reason != DatagramReject.None)
        {
            Rule.Holds(length == 0);
            return Outcome.Refused($"{reason}");
        }

        Rule.Holds(length > 0 && offset >= Offset && offset + length + MulticastDatagram.Trailer.Length <= Offset + input.Length);
        byte[] found = buffer[offset..(offset + length)];
        SendAgain(found);
        _parser.TryParse(found, EventEncoding.Plain, out _, out EventRejection rejection);
        return Outcome.Taken($"{rejection}");
    }

    private void SendAgain(byte[] found)
    {
        if (!_writer.TryWrite(found, Guid.Empty, _made, out int written))
        {
            return;
        }

        byte[] copy = _made[..written];
        DatagramReject reason = MulticastDatagram.Open(copy, 0, written, _cipher, out int offset, out int length);
        bool isMistaken = _cipher is null && reason == DatagramReject.EncryptedWithoutPsk;
        Rule.Holds(reason == DatagramReject.None || isMistaken);
        Rule.Holds(isMistaken || length == found.Length || length == found.Length + 1);
        Rule.Holds(isMistaken || copy.AsSpan(offset, length).IndexOf(found.AsSpan(0, Math.Min(found.Length, 1))) >= 0);
    }

    private static void AddTrailer(Mutant mutant, Dice dice) => mutant.Insert(dice.OneIn(2) ? mutant.Length : dice.Next(mutant.Length), MulticastDatagram.Trailer);

    private static void AddNuls(Mutant mutant, Dice dice) => mutant.Insert(dice.OneIn(2) ? mutant.Length : dice.Next(mutant.Length), new byte[dice.Next(300)]);
}
