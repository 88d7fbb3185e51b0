using System.Buffers.Binary;
using System.Globalization;
using System.Net.NetworkInformation;
using System.Text.RegularExpressions;
using HepBridge.Tests.Hosting;

namespace HepBridge.EndToEndTests.Collectors;

/// <summary>sngrep as a HEP listener without its screen: it writes each accepted packet to a pcap file, as the datagram that was captured.</summary>
internal sealed partial class Sngrep : IAsyncDisposable
{
    private const int Tries = 3;
    private const int FileHeader = 24;
    private const int PacketHeader = 16;

    private readonly string _directory = Directory.CreateTempSubdirectory("hepbridge-sngrep-").FullName;
    private ToolProcess? _process;

    public int Port { get; private set; }

    public bool HasEnded => _process!.HasEnded;

    private string PcapPath => Path.Combine(_directory, "sngrep.pcap");

    /// <summary>Starts it; with a key it drops packets that do not have it.</summary>
    public static async Task<Sngrep> StartAsync(string? key)
    {
        Sngrep sngrep = new();
        string settings = Path.Combine(sngrep._directory, "sngreprc");
        await File.WriteAllTextAsync(settings, key is null ? "" : $"set eep.listen.pass {key}\n");
        Dictionary<string, string> variables = new() { ["SNGREPRC"] = settings, ["HOME"] = sngrep._directory };
        for (int left = Tries; ; left--)
        {
            sngrep.Port = FreePort.Next();
            sngrep._process = ToolProcess.Start(
                sngrep._directory, variables, Packages.Sngrep, "-N", "-L", string.Create(CultureInfo.InvariantCulture, $"udp:127.0.0.1:{sngrep.Port}"), "-O", sngrep.PcapPath);
            if (await sngrep._process.ReachesAsync(
                () => Task.FromResult(IPGlobalProperties.GetIPGlobalProperties().GetActiveUdpListeners().Any(socket => socket.Port == sngrep.Port)), "an open port"))
            {
                return sngrep;
            }

            Assert.True(left > 1, sngrep._process.Output);
            await sngrep._process.DisposeAsync();
        }
    }

    /// <summary>Waits until it has written at least this many packets of any type.</summary>
    public Task AcceptedAsync(int packets) => WroteAsync(packets, static _ => true, "packets");

    /// <summary>Waits until it has written this many SIP messages.</summary>
    public Task AcceptedSipAsync(int messages) => WroteAsync(messages, static packet => packet.IndexOf(" SIP/2.0\r\n"u8) >= 0 || packet.IndexOf("SIP/2.0 "u8) >= 0, "SIP messages");

    /// <summary>Ends it, and returns the last number of dialogs it showed.</summary>
    public async Task<int> EndAsync()
    {
        await _process!.EndAsync(2);
        return int.Parse(DialogCount().Matches(_process.Output)[^1].Groups[1].Value, CultureInfo.InvariantCulture);
    }

    /// <summary>The SIP messages in its file as decoded by Wireshark: time in µs, source, destination, Call-ID, parts of the first line.</summary>
    public async Task<string[]> ReadSipAsync()
    {
        string[] fields = ["frame.time_epoch", "ip.src", "udp.srcport", "ip.dst", "udp.dstport", "sip.Call-ID", "sip.Method", "sip.Status-Code"];
        return await ToolProcess.ReadAsync(_directory, Packages.Tshark, ["-r", PcapPath, "-Y", "sip", "-T", "fields", .. fields.SelectMany(static field => (string[])["-e", field])]);
    }

    public async ValueTask DisposeAsync()
    {
        await _process!.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private async Task WroteAsync(int wanted, Func<ReadOnlySpan<byte>, bool> counts, string what) => Assert.True(
        await _process!.ReachesAsync(() => Task.FromResult(Count(counts) >= wanted), $"{wanted} {what} in its file"), $"sngrep has ended:\n{_process.Output}");

    private int Count(Func<ReadOnlySpan<byte>, bool> counts)
    {
        if (!File.Exists(PcapPath))
        {
            return 0;
        }

        using FileStream file = new(PcapPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        int found = 0;
        for (int at = FileHeader; at + PacketHeader <= bytes.Length;)
        {
            int end = at + PacketHeader + BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at + 8));
            found += end <= bytes.Length && counts(bytes.AsSpan((at + PacketHeader)..end)) ? 1 : 0;
            at = end;
        }

        return found;
    }

    [GeneratedRegex(@"Dialog count: (\d+)")]
    private static partial Regex DialogCount();
}
