using HepBridge.Hep;

namespace HepBridge.Reports;

/// <summary>Names and members that a payload is built of, apart from those with text.</summary>
internal static class PayloadFields
{
    /// <summary>A field's name; invalid characters become <c>_</c>.</summary>
    public static void Name(this ref PayloadWriter writer, scoped ReadOnlySpan<byte> name)
    {
        foreach (byte c in name)
        {
            writer.Raw(LineEscape.IsName(c) ? c : (byte)'_');
        }
    }

    public static void JsonMember(this ref PayloadWriter writer, scoped ReadOnlySpan<byte> name, long value)
    {
        writer.MemberName(name);
        writer.Number(value);
    }

    public static void JsonMember(this ref PayloadWriter writer, scoped ReadOnlySpan<byte> name, double value)
    {
        writer.MemberName(name);
        writer.Number(value);
    }

    public static void JsonMember(this ref PayloadWriter writer, scoped ReadOnlySpan<byte> name, HepAddress value)
    {
        writer.MemberName(name);
        writer.Raw((byte)'"');
        writer.Address(value);
        writer.Raw((byte)'"');
    }
}
