using System.Globalization;
using System.Net;
using System.Net.Sockets;
using HepBridge.Configuration;
using HepBridge.Inputs;
using HepBridge.Pipeline;
using Microsoft.Extensions.Logging.Abstractions;

namespace HepBridge.Benchmarks.Rates;

/// <summary>
/// The same recorded events over each kind of input, through the real input and the whole pipeline, into an output that
/// discards: events per second, processor time per event, and allocations. The sender is another process, and its time
/// is not counted.
/// </summary>
internal static class RatesBench
{
    private static readonly TimeSpan _warmUp = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan _measured = TimeSpan.FromSeconds(6);

    /// <param name="arguments"><c>amqp</c>: only one event socket and AMQP.</param>
    public static async Task<int> RunAsync(string[] arguments)
    {
        bool isAmqpOnly = arguments is ["amqp"];
        Console.WriteLine($"{"way",-22} {"events/s",10} {"MB/s",8} {"µs CPU/event",13} {"bytes allocated/event",22} {"packets/event",14} {"dropped by kernel",18}");
        (RateSender eventSocket, int port) = await RateSender.StartEventSocketAsync();
        using (eventSocket)
        {
            foreach (int sockets in isAmqpOnly ? [1] : (int[])[1, 2, 4])
            {
                await MeasureAsync(sockets == 1 ? "event socket, plain" : $"{sockets} event sockets", [.. Enumerable.Repeat<Func<EventPipeline, IInput>>(
                    pipeline => new EslInput(
                        new EslInputConfiguration { Port = port, Reports = new ReportOptions() }, pipeline, TimeProvider.System, NullLogger<EslInput>.Instance),
                    sockets)]);
            }
        }

        if (!isAmqpOnly)
        {
            await MeasureMulticastAsync("multicast, plain", null);
            await MeasureMulticastAsync("multicast, psk", RateSender.Psk);
        }

        await AmqpRates.RunAsync();
        return 0;
    }

    private static async Task MeasureMulticastAsync(string way, string? psk)
    {
        int port = FreePort();
        using RateSender sender = RateSender.StartMulticast(port, psk);
        await MeasureAsync(way, [pipeline => new MulticastInput(
            new MulticastInputConfiguration { Addresses = [IPAddress.Loopback], Port = port, Psk = psk, Reports = new ReportOptions() },
            pipeline,
            TimeProvider.System,
            NullLogger<MulticastInput>.Instance)]);
    }

    public static async Task MeasureAsync(string way, IReadOnlyList<Func<EventPipeline, IInput>> create, bool filterDuplicates = false)
    {
        // The recorded times are old, and must not be replaced.
        EventPipeline pipeline = new(new CallOptions { MaxClockSkew = TimeSpan.Zero }, TimeProvider.System, NullLogger<EventPipeline>.Instance)
        {
            Outputs = [new DiscardingOutput()],
            FilterDuplicates = filterDuplicates,
        };
        IInput[] inputs = [.. create.Select(one => one(pipeline))];
        using CancellationTokenSource stop = new();
        Task running = Task.WhenAll(inputs.Select(input => Task.Run(() => input.RunAsync(stop.Token))));
        await Task.Delay(_warmUp);
        Sample before = Take(pipeline, inputs[0]);
        await Task.Delay(_measured);
        Sample after = Take(pipeline, inputs[0]);
        await stop.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (IInput input in inputs)
        {
            input.Dispose();
        }

        double events = after.Events - before.Events;
        double seconds = TimeProvider.System.GetElapsedTime(before.Time, after.Time).TotalSeconds;
        double microseconds = (after.Processor - before.Processor).TotalMicroseconds / events;
        string bytes = after.Bytes == 0 ? "" : ((after.Bytes - before.Bytes) / seconds / 1e6).ToString("0", CultureInfo.InvariantCulture);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{way,-22} {events / seconds,10:0} {bytes,8} {microseconds,13:0.00} {(after.Allocated - before.Allocated) / events,22:0.00} {(after.Packets - before.Packets) / events,14:0.00} {after.Drops - before.Drops,18}"));
    }

    private static Sample Take(EventPipeline pipeline, IInput input)
    {
        lock (pipeline.Gate)
        {
            MulticastInput? multicast = input as MulticastInput;
            return new Sample(
                TimeProvider.System.GetTimestamp(), pipeline.Counters.Received, pipeline.Counters.Packets, Environment.CpuUsage.TotalTime,
                GC.GetTotalAllocatedBytes(precise: true), multicast?.Counters.Bytes ?? 0, multicast?.Counters.KernelDrops ?? 0);
        }
    }

    private static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private readonly record struct Sample(long Time, long Events, long Packets, TimeSpan Processor, long Allocated, long Bytes, long Drops);
}
