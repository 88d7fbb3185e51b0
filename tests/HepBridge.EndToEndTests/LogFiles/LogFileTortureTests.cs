using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using HepBridge.EndToEndTests.Outputs;
using HepBridge.EndToEndTests.Processes;
using HepBridge.Hep;
using HepBridge.Tests.Outputs;

namespace HepBridge.EndToEndTests.LogFiles;

/// <summary>Several writers, both kinds of rotation, and kills of the agent: every line arrives whole.</summary>
[Collection(nameof(Alone))]
public sealed partial class LogFileTortureTests(ITestOutputHelper output) : IDisposable
{
    private const int Writers = 4;
    private const int Lines = 200_000;
    private const int Rotations = 10;
    private const int Kills = 3;
    private const int Burst = 250;
    private const int LargestRepeat = 60_000;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan _step = TimeSpan.FromMilliseconds(20);
    private readonly string _path = Directory.CreateTempSubdirectory("hepbridge-").FullName;
    private readonly Lock _writing = new();
    private int _written;
    private HepBridgeProcess? _agent;

    private string LogPath => Path.Combine(_path, "app.log");

    [Fact]
    public async Task Ten_rotations_of_each_kind_and_three_kills_neither_lose_nor_split_a_line()
    {
        ScriptedCollector collector = new() { NumberOf = NumberOf };
        string configuration = Path.Combine(_path, "config.json");
        await File.WriteAllTextAsync(configuration, $$"""
            {
              "hep_config": { "HEP_SERVER": "127.0.0.1", "HEP_PORT": {{collector.Port}}, "HEP_TRANSPORT": "tcp", "ring": "16MB" },
              "logs_config": {
                "state_path": "{{_path}}/positions.json",
                "logs": [ { "tag": "app", "host": "192.0.2.9", "pattern": "callid=(\\S+) ", "path": "{{LogPath}}" } ]
              }
            }
            """);
        await File.WriteAllTextAsync(LogPath, "");
        Random random = new(5);
        Queue<int> kills = new(Enumerable.Range(1, Kills).Select(i => (Lines * i / (Kills + 1)) + random.Next(Lines / 20)));
        Queue<int> rotations = new(Enumerable.Range(1, Rotations * 2).Select(i => Lines * i / ((Rotations * 2) + 2)));
        await StartAsync(configuration);
        Task[] writers = [.. Enumerable.Range(0, Writers).Select(writer => Task.Run(() => Write(writer)))];
        try
        {
            while (Volatile.Read(ref _written) < Lines)
            {
                if (rotations.TryPeek(out int rotation) && rotation <= Volatile.Read(ref _written))
                {
                    rotations.Dequeue();
                    Rotate(isCopied: rotations.Count % 2 == 0);
                }

                if (kills.TryPeek(out int kill) && kill <= Volatile.Read(ref _written))
                {
                    kills.Dequeue();
                    await _agent!.CrashAsync();
                    await _agent.DisposeAsync();
                    await StartAsync(configuration);
                }

                await Task.Delay(_step);
            }

            await Task.WhenAll(writers);
            await WaitForAllAsync(collector);
            Assert.Equal(0, await _agent!.EndAsync());
        }
        finally
        {
            _agent!.Lines.Take(40).ToList().ForEach(output.WriteLine);
            await _agent.DisposeAsync();
            await collector.StopAsync();
        }

        int[] all = collector.Numbers;
        HashSet<int> received = [.. all];
        int[] missing = [.. Enumerable.Range(0, Lines).Where(number => !received.Contains(number))];
        output.WriteLine($"{all.Length} packets, {all.Length - received.Count} repeated around {Kills} kills, {missing.Length} missing");
        Assert.DoesNotContain(-1, received);
        Assert.Empty(missing);
        Assert.InRange(all.Length - received.Count, 0, Kills * LargestRepeat);
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);

    [GeneratedRegex(@"^(\d+) writer \d callid\\=c(\d+)@test x{0,120}\.; tag=app host=192\.0\.2\.9 file=app\.log[^;]*; callid=c\2@test time=\S+( \S+)?$")]
    private static partial Regex Whole();

    // The line's number, or -1 if the packet is not exactly what was written.
    private static int NumberOf(ReadOnlySpan<byte> packet)
    {
        if (HepDecoder.TryDecode(packet, out HepPacket decoded, out _))
        {
            Match match = Whole().Match(Encoding.UTF8.GetString(decoded.Payload));
            int number = match.Success ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : -1;
            return number % 97 == int.Parse(match.Success ? match.Groups[2].Value : "-1", CultureInfo.InvariantCulture) ? number : -1;
        }

        return -1;
    }

    private async Task StartAsync(string configuration)
    {
        _agent = HepBridgeProcess.Start("run", "--config", configuration);
        await _agent.SeesAsync("following");
    }

    // Each writer keeps its file open for a burst of lines, as programs do, so that some lines go to a file that has been renamed meanwhile.
    private void Write(int writer)
    {
        for (int first = writer * Burst; first < Lines; first += Writers * Burst)
        {
            using FileStream file = new(LogPath, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            for (int number = first; number < Math.Min(first + Burst, Lines); number++)
            {
                byte[] line = Encoding.UTF8.GetBytes($"{number} writer {writer} callid=c{number % 97}@test {new string('x', number % 120)}.\n");
                lock (_writing)
                {
                    file.Seek(0, SeekOrigin.End);
                    file.Write(line);
                }

                Interlocked.Increment(ref _written);
            }
        }
    }

    private void Rotate(bool isCopied)
    {
        for (int i = Rotations * 2; i > 0; i--)
        {
            if (File.Exists($"{LogPath}.{i}"))
            {
                File.Move($"{LogPath}.{i}", $"{LogPath}.{i + 1}");
            }
        }

        if (isCopied)
        {
            // Data written between copy and truncation is lost to everyone: no writer runs here.
            lock (_writing)
            {
                File.Copy(LogPath, LogPath + ".1");
                File.WriteAllText(LogPath, "");
            }
        }
        else
        {
            File.Move(LogPath, LogPath + ".1");
        }
    }

    private static async Task WaitForAllAsync(ScriptedCollector collector)
    {
        long began = TimeProvider.System.GetTimestamp();
        while (collector.Numbers.Distinct().Count() < Lines && TimeProvider.System.GetElapsedTime(began) < _patience)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200));
        }
    }
}
