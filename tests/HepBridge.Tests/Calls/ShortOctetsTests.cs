using HepBridge.Calls;

namespace HepBridge.Tests.Calls;

public class ShortOctetsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(36)]
    [InlineData(40)]
    [InlineData(41)]
    [InlineData(600)]
    public void What_was_set_comes_back_whatever_its_length(int length)
    {
        byte[] value = [.. Enumerable.Range(0, length).Select(i => (byte)i)];
        ShortOctets octets = default;
        octets.Set([1, 2, 3]);
        octets.Set(new byte[100]);
        octets.Set(value);
        Assert.Equal(value, octets.Span);
        Assert.Equal(length == 0, octets.IsEmpty);
        octets.Clear();
        Assert.True(octets.IsEmpty);
        Assert.Equal([], octets.Span);
    }
}
