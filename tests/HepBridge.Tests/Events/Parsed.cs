using System.Text;
using HepBridge.FreeSwitch.Events;

namespace HepBridge.Tests.Events;

/// <summary>A parsed event as text that can be stored and compared.</summary>
internal sealed record Parsed(string Name, EventKind Kind, IReadOnlyList<(string Name, string Value)> Headers, string? Body)
{
    /// <summary>The value of the first header of this name, by the event's own look-up; null if there is none.</summary>
    public string? this[string name] => Headers.FirstOrDefault(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    public static Parsed Plain(string text) => From(Encoding.Latin1.GetBytes(text), EventEncoding.Plain);

    public static Parsed Json(string text) => From(Encoding.UTF8.GetBytes(text), EventEncoding.Json);

    public static Parsed From(ReadOnlySpan<byte> bytes, EventEncoding encoding)
    {
        Assert.True(new EventParser().TryParse(bytes, encoding, out FreeSwitchEvent e, out EventRejection rejection), rejection.ToString());
        return From(e);
    }

    public static Parsed From(scoped in FreeSwitchEvent e)
    {
        List<(string, string)> headers = [];
        foreach (HeaderEntry header in e.Headers)
        {
            headers.Add((Encoding.UTF8.GetString(header.Name), Text(header.Value)));
        }

        return new Parsed(Encoding.UTF8.GetString(e.Name), e.Kind, headers, e.Body.IsPresent ? Text(e.Body) : null);
    }

    /// <summary>A decoded value; invalid UTF-8 becomes U+FFFD.</summary>
    public static string Text(HeaderValue value)
    {
        byte[] decoded = new byte[value.MaxDecodedLength];
        Assert.True(value.TryDecode(decoded, out int written), "MaxDecodedLength is too small");
        return Encoding.UTF8.GetString(decoded.AsSpan(0, written));
    }

    public static EventRejection Rejection(ReadOnlySpan<byte> bytes, EventEncoding encoding)
    {
        Assert.False(new EventParser().TryParse(bytes, encoding, out _, out EventRejection rejection));
        return rejection;
    }
}
