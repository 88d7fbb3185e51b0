using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.Outputs;
using Microsoft.Extensions.Logging.Abstractions;

namespace HepBridge.Benchmarks.Outputs;

/// <summary>
/// <c>outputs</c>: packets per second and cost per packet for each transport, in one run on one machine; then a
/// collector that reads a tenth of the packets sent. The collectors run in the same process, so processor time includes
/// both ends, and is labeled accordingly.
/// </summary>
internal static class OutputsLoad
{
    private const int Batch = 20;

    public static async Task<int> RunAsync(string[] args)
    {
        int packets = args is [string count, ..] ? int.Parse(count, CultureInfo.InvariantCulture) : 500_000;
        using X509Certificate2 certificate = MakeCertificate();
        Say($"{packets} packets of {LoadPacket.Make().Length} bytes, {Batch} a batch, over loopback; {Environment.ProcessorCount} processors");
        Say($"{"",-22}{"packets/s",12}{"µs CPU/packet",16}{"µs wall, Offer",16}{"octets/packet",15}{"lost",8}");
        foreach (HepTransport transport in Enum.GetValues<HepTransport>())
        {
            await MeasureAsync(transport, packets / 10, certificate, report: false);
            await MeasureAsync(transport, packets, certificate, report: true);
        }

        await SlowCollectorLoad.RunAsync();
        return 0;
    }

    public static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private static async Task MeasureAsync(HepTransport transport, int packets, X509Certificate2 certificate, bool report)
    {
        await using CountingCollector collector = new(transport != HepTransport.Udp, transport == HepTransport.Tls ? certificate : null);
        await using IOutput output = new OutputFactory(NullLoggerFactory.Instance, TimeProvider.System).Create(new HepOutputConfiguration
        {
            Servers = [new("127.0.0.1", collector.Port)],
            Transport = transport,
            Tls = new TlsOptions(Verify: false),
        });
        byte[] packet = LoadPacket.Make();
        Send(output, packet, 1);
        while (collector.Packets == 0)
        {
            await Task.Delay(10);
        }

        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long began = Stopwatch.GetTimestamp();
        TimeSpan offering = TimeSpan.Zero;
        for (int i = 0; i < packets; i += Batch)
        {
            // A pipeline would drop packets at a full ring; this waits instead, to measure the output after the ring.
            while (output.Counters.Queued > 16_000 || (transport == HepTransport.Udp && output.Counters.Sent - collector.Packets > 2_000 && i % 2_000 == 0))
            {
                await Task.Delay(1);
                if (transport == HepTransport.Udp)
                {
                    break;
                }
            }

            long offer = Stopwatch.GetTimestamp();
            Send(output, packet, Batch);
            offering += Stopwatch.GetElapsedTime(offer);
        }

        long last;
        TimeSpan elapsed;
        do
        {
            last = collector.Packets;
            elapsed = Stopwatch.GetElapsedTime(began);
            await Task.Delay(collector.Packets > packets ? 0 : 50);
        }
        while (collector.Packets != last);

        double used = (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / packets;
        if (report)
        {
            string name = transport.ToString().ToLowerInvariant();
            Say($"{name,-22}{packets / elapsed.TotalSeconds,12:0}{used,16:0.00}{offering.TotalMicroseconds / packets,16:0.00}{(double)(GC.GetTotalAllocatedBytes(precise: true) - allocated) / packets,15:0.0}{packets + 1 - collector.Packets,8}");
        }
    }

    private static void Send(IOutput output, byte[] packet, int count)
    {
        for (int i = 0; i < count; i++)
        {
            output.Offer(packet, PacketKind.Log);
        }

        output.Flush();
    }

    private static X509Certificate2 MakeCertificate()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        using X509Certificate2 made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
