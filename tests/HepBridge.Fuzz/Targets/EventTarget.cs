using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using HepBridge.FreeSwitch.Events;
using HepBridge.Fuzz.Corpora;
using HepBridge.Fuzz.Mutations;

namespace HepBridge.Fuzz.Targets;

/// <summary>
/// An event's bytes: rejected with a reason, or every header can be enumerated, found by name and decoded, and a
/// snapshot has the same known headers.
/// </summary>
internal sealed class EventTarget : FuzzTarget
{
    private readonly EventEncoding _encoding;
    private readonly EventParser _parser = new();
    private readonly EventParser _restoring = new();
    private readonly Mutation[] _own;
    private byte[] _decoded = new byte[4_096];
    private byte[] _again = new byte[4_096];
    private byte[] _snapshot = new byte[16_384];

    public EventTarget(string name, string what, EventEncoding encoding)
        : base(name, what)
    {
        _encoding = encoding;
        Corpus = encoding switch
        {
            EventEncoding.Plain => [.. RecordedFrames.Events(RecordedFrames.Plain, encoding), .. RecordedFrames.Events(RecordedFrames.Refired, encoding)],
            EventEncoding.Json => RecordedFrames.Events(RecordedFrames.Json, encoding),
            _ => RecordedFrames.Events(RecordedFrames.Log, encoding),
        };
        _own =
        [
            .. TextMutations.All, TextMutations.HeaderNumber("Content-Length"),
            TextMutations.Words("Event-Name: ", "Event-Subclass: multicast%3A%3Aevent\n", "Orig-", "Orig-Event-Name: CUSTOM\n",
                "Content-Length: 9\n", "\"Event-Name\":\"CUSTOM\",", "\"_body\":\"x\",", "variable_sip_call_id", "Unique-ID"),
            .. encoding == EventEncoding.Json ? [JsonMutations.Change] : (Mutation[])[],
        ];
    }

    public override IReadOnlyList<byte[]> Corpus { get; }

    protected override IEnumerable<Mutation> OwnMutations => _own;

    public override Outcome Run(byte[] input)
    {
        if (!_parser.TryParse(input, _encoding, out FreeSwitchEvent e, out EventRejection rejection))
        {
            Rule.Holds(rejection != EventRejection.None);
            Rule.Holds(e.Bytes.IsEmpty);
            Rule.Holds(_encoding != EventEncoding.Json || input.Length > 20_000 || !IsStrictEvent(input));
            return Outcome.Refused($"{rejection}");
        }

        Rule.Holds(rejection == EventRejection.None);
        int headers = 0;
        foreach (HeaderEntry header in e.Headers)
        {
            Look(header.Value);
            headers++;

            // Each look-up may scan all headers, so check only some of them, others with each input.
            if (headers < 1_000 && (headers + input.Length) % 24 == 0 && Ascii.IsValid(header.Name))
            {
                CheckFirst(e, header.Name);
            }
        }

        Rule.Holds(_encoding == EventEncoding.Log || headers > 0);
        Look(e.Body);
        Rule.Holds(!e.Find("variable_that_is_nowhere"u8).IsPresent);
        CheckSnapshot(e);
        return Outcome.Taken($"{e.Kind}/{e.Wrapping}");
    }

    // By name and by enumeration: both give the first of that name.
    private static void CheckFirst(in FreeSwitchEvent e, ReadOnlySpan<byte> name)
    {
        HeaderValue found = e.Find(name);
        Rule.Holds(found.IsPresent);
        foreach (HeaderEntry header in e.Headers)
        {
            if (Ascii.EqualsIgnoreCase(header.Name, name))
            {
                Rule.Same(header.Value.Raw, found.Raw, "a look-up gives the first header of its name");
                return;
            }
        }
    }

    private void CheckSnapshot(in FreeSwitchEvent e)
    {
        int length = EventSnapshot.Measure(e);
        if (_snapshot.Length < length)
        {
            _snapshot = new byte[length];
        }

        EventSnapshot.Write(e, _snapshot.AsSpan(0, length));
        FreeSwitchEvent restored = EventSnapshot.Read(_snapshot.AsSpan(0, length), _restoring);
        Rule.Holds(restored.Kind == e.Kind && restored.Encoding == e.Encoding && restored.Wrapping == e.Wrapping);
        Rule.Same(e.Body.Raw, restored.Body.Raw, "a snapshot keeps the body");
        for (int i = 1; i < KnownHeaders.Count; i++)
        {
            KnownHeader header = (KnownHeader)i;
            if (header is not (KnownHeader.VariableSwitchRSdp or KnownHeader.VariableRtpLocalSdpStr))
            {
                Rule.Holds(restored.Has(header) == e.Has(header));
                Rule.Same(e.Get(header).Raw, restored.Get(header).Raw, "a snapshot keeps the known headers");
            }
        }
    }

    private void Look(HeaderValue value)
    {
        int most = value.MaxDecodedLength;
        if (_decoded.Length < most)
        {
            _decoded = new byte[most];
            _again = new byte[most];
        }

        Rule.Holds(value.TryDecode(_decoded.AsSpan(0, most), out int written));
        ReadOnlySpan<byte> decoded = _decoded.AsSpan(0, written);
        if (value.IsVerbatim)
        {
            Rule.Same(value.Raw, decoded, "a verbatim value is its own decoding");
        }
        else if (_encoding == EventEncoding.Plain)
        {
            Rule.Same(Unescape(value.Raw), decoded, "what the switch encodes is decoded, and nothing else");
        }

        if (written > 0)
        {
            // With one byte too little it fails, and the part that fits is the beginning.
            Rule.Holds(!value.TryDecode(_again.AsSpan(0, written - 1), out int less));
            Rule.Holds(less < written && decoded.StartsWith(_again.AsSpan(0, less)));
        }

        ReadOnlySpan<byte> id = value.DecodeId(_again);
        Rule.Holds(Utf8.IsValid(id) && id.IndexOfAnyInRange((byte)0, (byte)0x1f) < 0 && !id.Contains((byte)0x7f));
        Rule.Holds(value.Is(decoded) || written > 512);
        _ = value.IsTrue();
        Rule.Holds(!value.TryParseDouble(out double number) || double.IsFinite(number));
        Rule.Holds(!value.TryParsePort(out ushort port) || port != 0);
        _ = value.TryParseHex32(out _);
        _ = value.TryParseInt64(out _);
    }

    // The same as the decoder, in its simplest form.
    private ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> raw)
    {
        int written = 0;
        for (int i = 0; i < raw.Length; i++)
        {
            bool escape = raw[i] == '%' && i + 2 < raw.Length && char.IsAsciiHexDigitUpper((char)raw[i + 1]) && char.IsAsciiHexDigitUpper((char)raw[i + 2]);
            int value = escape ? (Digit(raw[i + 1]) << 4) | Digit(raw[i + 2]) : 0;
            escape &= value is < 0x20 or > 0x7e || "\r\n \"#%&+:;<=>?@[\\]^`{|}"u8.Contains((byte)value);
            _again[written++] = escape ? (byte)value : raw[i];
            i += escape ? 2 : 0;
        }

        return _again.AsSpan(0, written);
    }

    private static int Digit(byte c) => char.IsAsciiDigit((char)c) ? c - '0' : c - 'A' + 10;

    // Whether the class library accepts it as an object that is an event.
    private static bool IsStrictEvent(byte[] input)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(input, new JsonDocumentOptions { MaxDepth = 16 });
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.EnumerateObject().FirstOrDefault(member => member.Name == "Event-Name").Value is { ValueKind: JsonValueKind.String } name
                && name.GetString() is { Length: > 0 } text && text is not ("_undef_" or "CUSTOM") && !Encoding.UTF8.GetString(input).Contains("\\u", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
