using System.Globalization;
using HepBridge.Hep;

namespace HepBridge.Reports;

/// <summary>Numbers, names and members that a payload is built of, apart from those with text.</summary>
internal static class PayloadFields
{
    // The largest double has 309 digits.
    private const int MaxNumber = 320;

    /// <summary>A decimal number with at most three decimal places; never NaN or infinite.</summary>
    public static void Number(this ref PayloadWriter writer, double value)
    {
        double rounded = Math.Round(value, 3, MidpointRounding.AwayFromZero);
        if (!(Math.Abs(rounded) < 1e12))
        {
            Span<byte> text = stackalloc byte[MaxNumber];
            rounded.TryFormat(text, out int written, "0.###", CultureInfo.InvariantCulture);
            writer.Raw(text[..written]);
            return;
        }

        long thousandths = (long)Math.Round(Math.Abs(rounded) * 1_000);
        if (rounded < 0)
        {
            writer.Raw((byte)'-');
        }

        writer.Number(thousandths / 1_000);
        uint places = (uint)(thousandths % 1_000);
        if (places > 0)
        {
            writer.Raw((byte)'.');
            bool isOne = places % 100 == 0;
            bool isTwo = places % 10 == 0;
            writer.Digits(isOne ? places / 100 : isTwo ? places / 10 : places, isOne ? 1 : isTwo ? 2 : 3);
        }
    }

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
