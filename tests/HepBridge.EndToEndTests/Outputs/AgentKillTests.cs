using System.Globalization;
using HepBridge.EndToEndTests.Processes;
using HepBridge.Outputs;
using HepBridge.Tests.Outputs;

namespace HepBridge.EndToEndTests.Outputs;

/// <summary>The agent itself, killed and restarted while its collector comes and goes.</summary>
[Collection(nameof(Alone))]
public sealed class AgentKillTests(ITestOutputHelper output) : IDisposable
{
    private const int Events = 200_000;
    private const int PerSecond = 4000;
    private const int Stops = 10;
    private const int Kills = 3;
    private const int Seed = 4;
    private const int SmallestPacket = 200;

    private static readonly TimeSpan _flush = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _step = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(90);

    private readonly string _path = Directory.CreateTempSubdirectory("hepbridge-").FullName;
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly List<ScriptedCollector> _collectors = [];
    private readonly List<(long At, int Taken)> _samples = [];
    private readonly List<(int First, int End)> _windows = [];
    private readonly List<string> _agentLines = [];
    private HepBridgeProcess? _agent;

    [Fact]
    public async Task Ten_collector_stops_and_three_agent_kills_lose_nothing_received_longer_than_flush_before()
    {
        Assert.SkipUnless(SocketQueues.IsSupported, "what a client has read is known from Linux's /proc/net/tcp");
        Random random = new(Seed);
        int[] stops = [.. Enumerable.Range(0, Stops).Select(_ => random.Next(Events)).Order()];
        Queue<int> kills = new(Enumerable.Range(0, Kills - 1).Select(_ => random.Next(Events / 10, Events)).Order());
        await using NumberedSwitch source = new(Events, PerSecond);
        Collect(0);
        StartAgent(source.Port, _collectors[0].Port);
        int stop = 0;
        bool killedInOutage = false;
        Task restarting = Task.CompletedTask;
        long closedAt = 0;
        try
        {
            for (int taken = 0; taken < Events || stop < Stops; taken = source.Taken)
            {
                _samples.Add((_time.GetTimestamp(), taken));
                if (stop < Stops && stops[stop] <= taken && restarting.IsCompleted)
                {
                    await restarting;
                    TimeSpan pause = stop % 2 == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(random.Next(3, 5));
                    closedAt = pause > TimeSpan.Zero ? _time.GetTimestamp() : 0;
                    restarting = RestartCollectorAsync(pause);
                    stop++;
                }

                // One of the kills happens during an outage: then only the spool preserves the events read.
                bool inOutage = !killedInOutage && stop > Stops / 2 && closedAt != 0 && _time.GetElapsedTime(closedAt) is { TotalSeconds: > 1.8 and < 2.8 };
                if (inOutage || (kills.TryPeek(out int at) && at <= taken))
                {
                    killedInOutage |= inOutage;
                    _ = !inOutage && kills.TryDequeue(out _);
                    await KillAgentAsync(source);
                }

                await Task.Delay(_step);
            }

            await restarting;
            Assert.True(killedInOutage, "no kill came while the collector was away");
            await WaitForTheRestAsync();
            Assert.Equal(0, await _agent!.EndAsync());
        }
        finally
        {
            await DisposeAgentAsync();
            await _collectors[^1].StopAsync();
            _agentLines.ForEach(output.WriteLine);
        }

        Judge();
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);

    private void Judge()
    {
        int[] all = [.. _collectors.SelectMany(collector => collector.Numbers)];
        HashSet<int> received = [.. all];
        int[] missing = [.. Enumerable.Range(0, Events).Where(number => !received.Contains(number))];
        int twice = all.Length - received.Count;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Events} events, {all.Length} packets received, {twice} twice, {missing.Length} missing; taken in within {_flush.TotalSeconds} s before a kill: {string.Join(", ", _windows.Select(window => window.End - window.First))}; torn by a kill: {_collectors.Sum(collector => collector.TornTails)}"));
        Assert.All(missing, number => Assert.True(IsExcused(number), $"{number} was taken in more than {_flush.TotalSeconds} s before a kill and is missing"));
        Assert.Empty(Directory.GetFiles(_path, "*.hep3"));

        // At a kill: a block that the spool had a copy of, and data read from the spool but not yet marked as sent.
        Assert.InRange(twice, 0, Kills * (PacketBlock.Size + (64 * 1024)) / SmallestPacket);
        Assert.InRange(_collectors.Sum(collector => collector.TornTails), 0, Kills);
    }

    private bool IsExcused(int number) => _windows.Exists(window => number >= window.First && number < window.End);

    private void Collect(int port) => _collectors.Add(new ScriptedCollector(null, port) { NumberOf = NumberedSwitch.NumberOf });

    private void StartAgent(int eslPort, int hepPort)
    {
        string configuration = Path.Combine(_path, "config.json");
        File.WriteAllText(configuration, $$"""
            {
              "hep_config": {
                "HEP_SERVER": "127.0.0.1", "HEP_PORT": {{hepPort}}, "HEP_TRANSPORT": "tcp", "ring": "16MB",
                "spool": { "path": "{{_path}}", "flush": "{{_flush.TotalSeconds}}s" }
              },
              "esl_config": { "ESL_SERVER": "127.0.0.1", "ESL_PORT": {{eslPort}}, "report_rtcp_events": false, "report_qos_events": false }
            }
            """);
        _agent = HepBridgeProcess.Start("run", "--config", configuration);
    }

    private async Task KillAgentAsync(NumberedSwitch source)
    {
        _agent!.Freeze();
        long killed = _time.GetTimestamp();

        int taken = await source.ForgetAsync();
        int safe = _samples.FindLast(sample => _time.GetElapsedTime(sample.At, killed) > _flush).Taken;
        _windows.Add((safe, taken));
        await _agent.CrashAsync();
        await DisposeAgentAsync();
        StartAgent(source.Port, _collectors[0].Port);
    }

    private async Task DisposeAgentAsync()
    {
        if (_agent is not null)
        {
            await _agent.DisposeAsync();
            _agentLines.AddRange(_agent.Lines);
            _agent = null;
        }
    }

    private async Task RestartCollectorAsync(TimeSpan pause)
    {
        await _collectors[^1].StopAsync();
        await Task.Delay(pause);
        Collect(_collectors[0].Port);

        // So that every stop interrupts a connection.
        ScriptedCollector again = _collectors[^1];
        long began = _time.GetTimestamp();
        while (again.Connections == 0)
        {
            Assert.True(_time.GetElapsedTime(began) < _patience, "the agent did not come back");
            await Task.Delay(_step);
        }
    }

    // Packets lost in the windows before the kills never arrive: wait until nothing is missing outside them.
    private async Task WaitForTheRestAsync()
    {
        long began = _time.GetTimestamp();
        while (_time.GetElapsedTime(began) < _patience)
        {
            HashSet<int> received = [.. _collectors.SelectMany(collector => collector.Numbers)];
            if (Enumerable.Range(0, Events).All(number => received.Contains(number) || IsExcused(number)) && Directory.GetFiles(_path, "*.hep3").Length == 0)
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200));
        }
    }
}
