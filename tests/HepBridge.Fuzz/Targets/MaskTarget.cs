using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using HepBridge.Fuzz.Mutations;
using HepBridge.Masking;

namespace HepBridge.Fuzz.Targets;

/// <summary>
/// Masked text: only asterisks are new, valid UTF-8 and JSON remain valid, and a secret after a plain name is masked
/// whatever surrounds it.
/// </summary>
internal sealed class MaskTarget() : FuzzTarget("mask", "values and payloads whose secrets are masked")
{
    private readonly Mutation[] _own = [.. TextMutations.All, JsonMutations.Change];

    public override IReadOnlyList<byte[]> Corpus { get; } =
    [
        "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1c|2^20|1:4\r\na=ice-pwd:ICEPASSWORD\r\nk=clear:x\r\n"u8.ToArray(),
        "{^^:sip_auth_username=a:sip_auth_password=b,c}[x='y z',vm-password=\"q\"]sofia/external/bob:pw@h"u8.ToArray(),
        "REGISTER sip:h SIP/2.0\r\nCall-ID: a:b@h\r\nAuthorization: Digest username=\"u\", response=\"0123456789abcdef\"\r\nProxy-Authorization: Basic\r\n dXNlcg==\r\n\r\n"u8.ToArray(),
        """{"callid":"a:b@h","variable_sip_auth_password":"x","Application-Data":"{sip_auth_password=a\\\"b}sofia\\/g","pin":12,"n":{"secret":["a","b"]}}"""u8.ToArray(),
        "2026-11-26 12:00:00 [DEBUG] x.c:1 SET sofia/internal/1000@h [sip_auth_password]=[s3cret]; callid=a@h uuid=b"u8.ToArray(),
    ];

    protected override IEnumerable<Mutation> OwnMutations => _own;

    public override Outcome Run(byte[] input)
    {
        byte[] value = [.. input];
        ValueMask.Default.Apply(value);
        CheckBytes(input, value, digits: false);
        byte[] payload = [.. input];
        ValueMask.Default.ApplyToPayload(payload);
        CheckBytes(input, payload, digits: true);
        if (IsJson(input))
        {
            Rule.Holds(IsJson(payload));
        }

        // A line with a secret before anything else must be masked.
        byte[] line = [.. "password=QQQQ\n"u8, .. input];
        ValueMask.Default.Apply(line);
        Rule.Holds(!line.AsSpan().StartsWith("password=Q"u8));
        byte[] quoted = [.. Encoding.UTF8.GetBytes("{\"password\":\"QQQQ\",\"a\":\""), .. input];
        ValueMask.Default.ApplyToPayload(quoted);
        Rule.Holds(quoted.AsSpan().IndexOf("QQQQ"u8) is < 0 or > 20);
        return value.AsSpan().SequenceEqual(input) ? Outcome.Refused("nothing to mask") : Outcome.Taken(payload.AsSpan().SequenceEqual(value) ? "alike" : "apart");
    }

    private static void CheckBytes(byte[] before, byte[] after, bool digits)
    {
        for (int i = 0; i < before.Length; i++)
        {
            Rule.Holds(after[i] == before[i] || after[i] == '*' || (digits && after[i] == '1' && before[i] is >= (byte)'0' and <= (byte)'9'));
        }

        Rule.Holds(Utf8.IsValid(after) || !Utf8.IsValid(before));
    }

    private static bool IsJson(byte[] text)
    {
        Utf8JsonReader reader = new(text);
        try
        {
            while (reader.Read())
            {
            }

            return text.Length > 0 && text[0] == '{';
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
