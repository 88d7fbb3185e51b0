using HepBridge.Configuration;
using HepBridge.Configuration.Values;

namespace HepBridge.Tests.Configuration;

public class ValueParserTests
{
    [Theory]
    [InlineData("fs1", "fs1:0")]
    [InlineData("fs1:90", "fs1:90")]
    [InlineData("fs_1.docker", "fs_1.docker:0")]
    [InlineData("192.0.2.1:90", "192.0.2.1:90")]
    [InlineData("::1", "[::1]:0")]
    [InlineData("[::1]", "[::1]:0")]
    [InlineData("[::1]:90", "[::1]:90")]
    [InlineData("", null)]
    [InlineData(":90", null)]
    [InlineData("fs1:", null)]
    [InlineData("fs1:0", null)]
    [InlineData("fs1:x", null)]
    [InlineData("fs1:70000", null)]
    [InlineData("fs 1", null)]
    [InlineData(".fs1", null)]
    [InlineData("fs1..net", null)]
    [InlineData("192.0.2.999", null)]
    [InlineData("192.0.2", null)]
    [InlineData("[::1", null)]
    [InlineData("::1]", null)]
    [InlineData("[::1]90", null)]
    [InlineData("[fs1]:90", null)]
    [InlineData("udp://fs1", null)]
    public void A_server_is_a_host_with_or_without_a_port(string text, string? expected) =>
        Assert.Equal(expected, Address.Server.TryMake(text, out HepServer? server) ? server.ToString() : null);

    [Theory]
    [InlineData("127.0.0.1:80", "127.0.0.1:80")]
    [InlineData("LOCALHOST:80", "127.0.0.1:80")]
    [InlineData("[::]:0", "[::]:0")]
    [InlineData("::1:80", null)]
    [InlineData("host:80", null)]
    [InlineData("127.0.0.1", null)]
    [InlineData("127.0.0.1:", null)]
    [InlineData("127.0.0.1:65536", null)]
    [InlineData("1:80", null)]
    [InlineData(":80", null)]
    public void A_listening_address_has_an_address_and_a_port(string text, string? expected) =>
        Assert.Equal(expected, Address.Listen.TryMake(text, out string? listen) ? listen : null);

    [Theory]
    [InlineData("127.0.0.1:1", true)]
    [InlineData("127.9.9.9:1", true)]
    [InlineData("[::1]:1", true)]
    [InlineData("0.0.0.0:1", false)]
    [InlineData("[::]:1", false)]
    [InlineData("192.0.2.1:1", false)]
    public void Only_loopback_is_loopback(string listen, bool expected) => Assert.Equal(expected, Address.IsLoopback(listen));

    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("1.5s", 1_500)]
    [InlineData("60 s", 60_000)]
    [InlineData("5M", 300_000)]
    [InlineData("12h", 43_200_000)]
    [InlineData("1d", 86_400_000)]
    [InlineData("7", 7_000)]
    [InlineData("0", 0)]
    [InlineData("", null)]
    [InlineData("s", null)]
    [InlineData("-1s", null)]
    [InlineData("+1s", null)]
    [InlineData("1m30s", null)]
    [InlineData("1e3", null)]
    [InlineData("NaN", null)]
    [InlineData("Infinity", null)]
    [InlineData("1,5s", null)]
    [InlineData("3d", null)]
    [InlineData("999999999999999999999999999999999d", null)]
    public void A_duration_has_a_unit_or_is_seconds(string text, int? milliseconds) =>
        Assert.Equal(milliseconds, NumericValues.Duration("0s", "2d").TryMake(text, out TimeSpan duration) ? (int)duration.TotalMilliseconds : null);

    [Theory]
    [InlineData("1", 1L)]
    [InlineData("100B", 100L)]
    [InlineData("64KB", 65_536L)]
    [InlineData("64kb", 65_536L)]
    [InlineData("1.5 MB", 1_572_864L)]
    [InlineData("1GB", 1_073_741_824L)]
    [InlineData("2TB", 2_199_023_255_552L)]
    [InlineData("3TB", null)]
    [InlineData("1K", null)]
    [InlineData("MB", null)]
    [InlineData("-1", null)]
    public void A_size_has_a_unit_of_1024_or_is_bytes(string text, long? bytes) =>
        Assert.Equal(bytes, NumericValues.Size("0", "2TB").TryMake(text, out long size) ? size : null);
}
