using System.Diagnostics;
using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.Outputs;
using Microsoft.Extensions.Logging.Abstractions;

namespace HepBridge.Benchmarks.Outputs;

/// <summary>
/// A collector that reads a tenth of the packets sent, then all of them: memory has to stay flat, the spool to grow,
/// and new packets to come first afterwards.
/// </summary>
internal static class SlowCollectorLoad
{
    private const int PacketsPerSecond = 10_000;
    private const int SlowSeconds = 15;
    private const int FastSeconds = 15;
    private const int Ticks = 50;

    public static async Task RunAsync()
    {
        string path = Directory.CreateTempSubdirectory("hepbridge-").FullName;
        byte[] packet = LoadPacket.Make();
        await using (CountingCollector collector = new(isStream: true, null) { BytesPerSecond = packet.Length * PacketsPerSecond / 10 })
        await using (IOutput output = new OutputFactory(NullLoggerFactory.Instance, TimeProvider.System).Create(new HepOutputConfiguration
        {
            Servers = [new("127.0.0.1", collector.Port)],
            Transport = HepTransport.Tcp,
            Spool = new SpoolConfiguration { Path = path, MaxBytes = 4L << 30 },
        }))
        {
            OutputsLoad.Say($"");
            OutputsLoad.Say($"{PacketsPerSecond} packets/s over tcp with a spool, to a collector that reads a tenth for {SlowSeconds} s, then all");
            OutputsLoad.Say($"{"second",6}{"read",10}{"queued",9}{"spooled",10}{"behind",9}{"memory MB",11}{"heap MB",9}{"dropped",9}");
            long offered = 0;
            long began = Stopwatch.GetTimestamp();
            for (int tick = 1; tick <= (SlowSeconds + FastSeconds) * Ticks; tick++)
            {
                for (; offered < (long)tick * PacketsPerSecond / Ticks; offered++)
                {
                    LoadPacket.Number(packet, offered);
                    output.Offer(packet, PacketKind.Log);
                }

                output.Flush();
                if (tick == SlowSeconds * Ticks)
                {
                    collector.BytesPerSecond = 0;
                }

                if (tick % Ticks == 0 && (tick / Ticks % 3 == 0 || tick / Ticks == SlowSeconds + 1))
                {
                    using Process self = Process.GetCurrentProcess();
                    OutputsLoad.Say(
                        $"{tick / Ticks,6}{collector.Packets,10}{output.Counters.Queued,9}{output.Counters.Spooled,10}{offered - 1 - collector.Newest,9}{self.WorkingSet64 >> 20,11}{GC.GetTotalMemory(false) >> 20,9}{output.Counters.DroppedTotal,9}");
                }

                TimeSpan ahead = TimeSpan.FromSeconds((double)tick / Ticks) - Stopwatch.GetElapsedTime(began);
                if (ahead > TimeSpan.Zero)
                {
                    await Task.Delay(ahead);
                }
            }

            long drainBegan = Stopwatch.GetTimestamp();
            while (output.Counters.Spooled + output.Counters.Queued > 0)
            {
                await Task.Delay(20);
            }

            await Task.Delay(200);
            OutputsLoad.Say($"spool empty {Stopwatch.GetElapsedTime(drainBegan).TotalSeconds:0.0} s after the last packet; {collector.Packets} of {offered} read, {output.Counters.Resent} sent twice");
        }

        Directory.Delete(path, recursive: true);
    }
}
