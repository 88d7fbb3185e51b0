using System.Text;

namespace HepBridge.Tests.Events;

/// <summary>switch_url_encode (switch_utils.c) as the event socket uses it: leaves a <c>%XX</c> in the value alone.</summary>
internal static class SwitchEncoding
{
    private const string UpperHex = "0123456789ABCDEF";

    public static string Encode(string value) => Encode(Encoding.UTF8.GetBytes(value));

    public static string Encode(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
        {
            return "_undef_";
        }

        StringBuilder text = new();
        for (int i = 0; i < value.Length; i++)
        {
            byte b = value[i];
            bool looksEncoded = b == '%' && value.Length - i > 2 && UpperHex.Contains((char)value[i + 1]) && UpperHex.Contains((char)value[i + 2]);
            bool isPlain = b is >= 0x20 and <= 0x7e && !"\r\n \"#%&+:;<=>?@[\\]^`{|}"u8.Contains(b);
            text.Append(isPlain || looksEncoded ? (char)b : $"%{b:X2}");
        }

        return text.ToString();
    }
}
