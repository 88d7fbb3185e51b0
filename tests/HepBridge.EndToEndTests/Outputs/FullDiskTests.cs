using System.Diagnostics;
using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.Outputs;
using HepBridge.Outputs.Streams;
using HepBridge.Tests.Outputs;

namespace HepBridge.EndToEndTests.Outputs;

/// <summary>A spool on a disk that is really full: a 1 MB file system in memory.</summary>
public sealed class FullDiskTests : IAsyncDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("hepbridge-").FullName;
    private bool _mounted;

    [Fact]
    public async Task A_full_disk_is_logged_once_and_counted_while_live_and_spooled_packets_still_arrive()
    {
        await MountAsync();
        KeptLog log = new();
        await using ScriptedCollector away = new();
        int port = away.Port;
        await away.StopAsync();
        StreamTimings quick = new() { FirstRetry = TimeSpan.FromMilliseconds(20), LongestRetry = TimeSpan.FromMilliseconds(200) };
        await using IOutput tcp = new OutputFactory(log, TimeProvider.System, quick).Create(new HepOutputConfiguration
        {
            Servers = [new("127.0.0.1", port)],
            Transport = HepTransport.Tcp,
            RingBytes = 1 << 20,
            Spool = new SpoolConfiguration { Path = Path.Combine(_path, "spool"), Flush = TimeSpan.FromMilliseconds(100) },
        });
        int next = 0;
        uint now = (uint)DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        while (tcp.Counters.Dropped(DropReason.SpoolFull) == 0)
        {
            Assert.True(next < 100_000, log.Text);
            tcp.Offer(TestPackets.Make(next++, 1000, null, now), PacketKind.Log);
            tcp.Flush();
            await Task.Delay(next % 20 == 0 ? 5 : 0);
        }

        Assert.True(tcp.Counters.Spooled > 300, $"{tcp.Counters.Spooled} spooled");
        Assert.Single(log.Lines, line => line.Contains("accepts no more", StringComparison.Ordinal));
        ConservationLaw.AssertHolds(tcp.Counters);

        await using ScriptedCollector back = new(null, port);
        await Eventually.True(() => tcp.Counters.Queued == 0 && tcp.Counters.Spooled == 0, () => $"{tcp.Counters.Queued} queued, {tcp.Counters.Spooled} spooled");
        tcp.Offer(TestPackets.Make(next, 1000, null, now), PacketKind.Log);
        tcp.Flush();
        long wanted = next + 1 - tcp.Counters.DroppedTotal;
        await Eventually.True(() => back.Numbers.Length == wanted, () => $"{back.Numbers.Length} of {wanted}\n{log.Text}");
        Assert.Equal(wanted, back.Numbers.Distinct().Count());
        Assert.Contains(next, back.Numbers);
        ConservationLaw.AssertHolds(tcp.Counters);
    }

    public async ValueTask DisposeAsync()
    {
        if (_mounted)
        {
            await RunAsync("umount", "-l", _path);
        }

        Directory.Delete(_path, recursive: true);
    }

    private static async Task<int> RunAsync(string command, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    private async Task MountAsync()
    {
        _mounted = OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess
            && await RunAsync("mount", "-t", "tmpfs", "-o", "size=1m", "hepbridge-test", _path) == 0;
        if (!_mounted)
        {
            const string Reason = "a small file system can't be mounted here: that needs root on Linux, and the right to mount";
            Assert.False(Environment.GetEnvironmentVariable("HEPBRIDGE_E2E") == "required", Reason);
            Assert.Skip(Reason);
        }
    }
}
