using System.Text;

namespace HepBridge.Commands.Demo;

/// <summary>What a call log's text says: <c>STATE from → to; details; callid=… uuid=… …</c>, details in order.</summary>
internal sealed record CallLine(string State, string From, string To, string[] Details, string UniqueId, string OtherUniqueId)
{
    private const string Arrow = " → ";

    /// <summary>Reads it; false: the text is no call log (a registration, a log line of the switch, …).</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out CallLine line)
    {
        string[] parts = Encoding.UTF8.GetString(payload).Split("; ");
        string head = parts[0];
        int space = head.IndexOf(' ', StringComparison.Ordinal);
        int arrow = head.IndexOf(Arrow, StringComparison.Ordinal);
        if (space < 1 || arrow <= space)
        {
            line = new CallLine("", "", "", [], "", "");
            return false;
        }

        line = new CallLine(head[..space], head[(space + 1)..arrow], head[(arrow + Arrow.Length)..], parts[1..], Named(parts, "uuid="), Named(parts, "other="));
        return true;
    }

    /// <summary>The value behind a name such as <c>billsec=</c>; empty if there is none.</summary>
    public string Value(string name) => Named(Details, name);

    private static string Named(string[] parts, string name) =>
        parts.SelectMany(static part => part.Split(' ')).FirstOrDefault(word => word.StartsWith(name, StringComparison.Ordinal), name)[name.Length..];
}
