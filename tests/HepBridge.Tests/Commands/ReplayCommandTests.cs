using System.CommandLine;
using System.Globalization;
using HepBridge.Commands;
using HepBridge.Tests.Hosting;

namespace HepBridge.Tests.Commands;

public sealed class ReplayCommandTests : IDisposable
{
    private readonly StringWriter _output = new(CultureInfo.InvariantCulture);
    private readonly StringWriter _error = new(CultureInfo.InvariantCulture);

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task A_missing_file_is_an_invalid_argument()
    {
        Assert.Equal(2, await RunAsync("/nowhere/at-all.bin", "--port", "0"));
        Assert.Contains("cannot be played", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_file_it_plays_the_demos_recording()
    {
        Assert.Equal(0, await RunAsync("--multicast", $"127.0.0.1:{FreePort.Next().ToString(CultureInfo.InvariantCulture)}", "--burst"));
        Assert.Matches(@"\n[1-9]\d{2,} events sent", _output.ToString());
    }

    [Theory]
    [InlineData("--speed", "0")]
    [InlineData("--port", "70000")]
    [InlineData("--bind", "everywhere")]
    [InlineData("--from", "-1")]
    public async Task A_value_out_of_range_is_reported_with_its_option(string option, string value)
    {
        Assert.NotEqual(0, await RunAsync("x.bin", option, value));
        Assert.Contains(option, _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_help_has_examples()
    {
        Assert.Equal(0, await RunAsync("--help"));
        Assert.Contains("--burst --keep-times", _output.ToString(), StringComparison.Ordinal);
    }

    private async Task<int> RunAsync(params string[] arguments)
    {
        RootCommand root = [ReplayCommand.Create()];
        DetailedCommand.ShowDetails(root);
        return await root.Parse(["replay", .. arguments]).InvokeAsync(new InvocationConfiguration { Output = _output, Error = _error });
    }
}
