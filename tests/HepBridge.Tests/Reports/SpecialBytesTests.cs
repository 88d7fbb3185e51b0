using HepBridge.Reports;

namespace HepBridge.Tests.Reports;

public sealed class SpecialBytesTests
{
    [Fact]
    public void Every_special_byte_is_found_at_every_place_of_every_length()
    {
        for (int value = 0; value < 256; value++)
        {
            bool isSpecial = value is < 0x20 or > 0x7f or '"' or '\\' or ';' or '=';
            for (int length = 1; length <= 50; length++)
            {
                byte[] text = [.. Enumerable.Repeat((byte)'a', length)];
                for (int at = 0; at < length; at++)
                {
                    text[at] = (byte)value;
                    Assert.Equal(isSpecial ? at : -1, SpecialBytes.IndexOf(text, (byte)'"', (byte)'\\', (byte)';', (byte)'='));
                    text[at] = (byte)'a';
                }
            }
        }
    }

    [Fact]
    public void The_first_of_several_is_found()
    {
        byte[] text = new byte[40];
        for (int first = 0; first < text.Length; first++)
        {
            text.AsSpan(0, first).Fill((byte)'a');
            text.AsSpan(first).Fill((byte)'=');
            Assert.Equal(first, SpecialBytes.IndexOf(text, (byte)'=', (byte)'=', (byte)'=', (byte)'='));
        }

        Assert.Equal(-1, SpecialBytes.IndexOf([], 0, 0, 0, 0));
    }
}
