using System.Text;

namespace HepBridge.Collector.Payloads;

/// <summary>The start of a registration report in a type-100 packet: <c>REGISTER 1000@example.net on …; contact=…</c>.</summary>
internal sealed record RegistrationLine(string What, string User)
{
    private const int MaxLine = 1024;

    public bool Refused => What == "REGISTER_FAILURE";

    public static bool TryParse(ReadOnlySpan<byte> payload, out RegistrationLine line)
    {
        ReadOnlySpan<byte> head = payload.Length > MaxLine ? payload[..MaxLine] : payload;
        string[] words = LineText.Parse(Encoding.UTF8.GetString(head)).Head.Split(' ', 3);
        bool known = words.Length > 1 && words[0] is ("REGISTER" or "UNREGISTER" or "EXPIRE" or "REGISTER_FAILURE");
        line = known ? new RegistrationLine(words[0], LineText.Unescape(words[1])) : null!;
        return line is not null;
    }
}
