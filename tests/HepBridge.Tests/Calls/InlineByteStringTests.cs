using HepBridge.Calls;

namespace HepBridge.Tests.Calls;

public class InlineByteStringTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(36)]
    [InlineData(40)]
    [InlineData(44)]
    [InlineData(45)]
    [InlineData(600)]
    public void A_value_of_any_length_is_returned_unchanged(int length)
    {
        byte[] value = [.. Enumerable.Range(0, length).Select(i => (byte)i)];
        InlineByteString bytes = default;
        bytes.Set([1, 2, 3]);
        bytes.Set(new byte[100]);
        bytes.Set(value);
        Assert.Equal(value, bytes.Span);
        Assert.Equal(length == 0, bytes.IsEmpty);
        bytes.Clear();
        Assert.True(bytes.IsEmpty);
        Assert.Equal([], bytes.Span);
    }
}
