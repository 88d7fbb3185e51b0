using System.Net.Sockets;
using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.Hosting;
using HepBridge.Inputs;
using HepBridge.Outputs;
using HepBridge.Pipeline;
using HepBridge.Tests.Esl;
using HepBridge.Tests.Outputs;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace HepBridge.Tests.Hosting;

/// <summary>An internal error ends an input: it is logged, the input is down, and it is restarted.</summary>
public sealed class RunningInputTests
{
    private readonly KeptLog _log = new();
    private readonly FaultyOutput _output = new();

    [Fact]
    public async Task An_event_socket_input_that_throws_is_down_with_the_reason_and_reconnects()
    {
        using FakeEventSocket peer = new();
        EventPipeline pipeline = new(new CallOptions(), TimeProvider.System, NullLogger<EventPipeline>.Instance) { Outputs = [_output] };
        using EslInput input = new(
            new EslInputConfiguration { Server = "127.0.0.1", Port = peer.Port, Password = "ClueCon", Reports = new ReportOptions() }, pipeline, TimeProvider.System, new TypedLog<EslInput>(_log));
        await using RunningInput running = new(input, TimeProvider.System, _log, TestContext.Current.CancellationToken);
        _ = ServeAsync(peer);
        running.Start();
        await Eventually.True(
            () => ((IInput)input).CurrentState is { IsUp: false, Problem: { } problem } && problem.Contains("output fault", StringComparison.Ordinal),
            () => _log.Text);

        _output.IsFaulty = false;
        await Eventually.True(() => _output.Packets > 0 && ((IInput)input).CurrentState.IsUp, () => _log.Text);
        Assert.Contains(_log.Lines, line => line.StartsWith("Critical: The input ", StringComparison.Ordinal));
    }

    // For every connection, including the one that queries channels.
    private static async Task ServeAsync(FakeEventSocket peer)
    {
        List<FakeEventSocket.Peer> peers = [];
        try
        {
            while (true)
            {
                peers.Add(await peer.AcceptAsync());
                await peers[^1].SayAsync(FakeEventSocket.Greeting + FakeEventSocket.Accepted + FakeEventSocket.Enabled + Created);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The test is over, or a connection has ended.
            peers.ForEach(one => one.Dispose());
        }
    }

    private static string Created { get; } = FakeEventSocket.Event(
        "CHANNEL_CREATE",
        "Core-UUID: 1\nUnique-ID: a\nChannel-Name: sofia/internal/1000\nCall-Direction: inbound\nvariable_sip_call_id: a%40x\nFreeSWITCH-IPv4: 10.0.0.1\n");

    private sealed class FaultyOutput : IOutput
    {
        private int _packets;

        public bool IsFaulty { get; set; } = true;

        public int Packets => _packets;

        public string Name => "faulty";

        public OutputCounters Counters { get; } = new();

        public void Offer(ReadOnlySpan<byte> packet, PacketKind kind)
        {
            if (IsFaulty)
            {
                throw new InvalidOperationException("output fault");
            }

            Interlocked.Increment(ref _packets);
        }

        public void Flush()
        {
        }

        public Task DrainAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class TypedLog<T>(ILogger log) : ILogger<T>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log.Log(logLevel, eventId, state, exception, formatter);
    }
}
