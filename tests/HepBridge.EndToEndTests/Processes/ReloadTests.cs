using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace HepBridge.EndToEndTests.Processes;

[Collection(nameof(Processes))]
public class ReloadTests
{
    private const string InUse = "The new configuration is active.";

    [Fact]
    public async Task Saving_other_flags_changes_what_is_reported_at_once()
    {
        await using Setup setup = new();
        HepBridgeProcess listen = await BeginAsync(setup, "call");
        HepBridgeProcess run = setup.Start();
        await SeesAsync(listen, ReceivedPacket.Log, 20, 0);
        Assert.DoesNotContain(ReceivedPacket.AllOf(listen.Lines), packet => packet.Type == ReceivedPacket.Rtcp);

        setup.Save(setup.Configuration("rtcp"));
        await run.SeesAsync(InUse);

        // Once these have arrived, earlier packets have, too: RTCP has to be requested from the switch, which did not send it before.
        int since = await SeesAsync(listen, ReceivedPacket.Rtcp, 10, 0);
        int until = await SeesAsync(listen, ReceivedPacket.Rtcp, 20, since);
        Assert.All(ReceivedPacket.AllOf(listen.Lines.Take(until).Skip(since)), packet => Assert.Equal(ReceivedPacket.Rtcp, packet.Type));
        Assert.Equal(0, await run.EndAsync());
        Assert.Single(run.Lines, line => line.Contains("connected, receiving events", StringComparison.Ordinal));
    }

    [Fact]
    public async Task SIGHUP_rereads_the_file()
    {
        await using Setup setup = new();
        await BeginAsync(setup, "call");
        HepBridgeProcess run = setup.Start();
        await run.SeesAsync("connected, receiving events");

        run.Signal(PosixSignal.SIGHUP);

        await run.SeesAsync("Configuration reloaded from");
        await run.SeesAsync(InUse);
        Assert.Equal(0, await run.EndAsync());
    }

    [Fact]
    public async Task An_invalid_file_is_rejected_with_all_its_errors_and_the_current_one_stays_active()
    {
        await using Setup setup = new();
        HepBridgeProcess listen = await BeginAsync(setup, "rtcp");
        HepBridgeProcess run = setup.Start();
        await SeesAsync(listen, ReceivedPacket.Rtcp, 1, 0);

        JsonObject faulty = setup.Configuration("call");
        faulty["esl_config"]!["report_call_event"] = true;
        faulty["hep_config"]!["HEP_TRANSPORT"] = "pigeon";
        setup.Save(faulty);
        await run.SeesAsync("keeping the current one");
        Assert.Contains(run.Lines, line => line.Contains("esl_config.report_call_event", StringComparison.Ordinal));
        Assert.Contains(run.Lines, line => line.Contains("hep_config.HEP_TRANSPORT", StringComparison.Ordinal));

        await SeesAsync(listen, ReceivedPacket.Rtcp, 20, listen.Count);
        Assert.DoesNotContain(ReceivedPacket.AllOf(listen.Lines), packet => packet.Type == ReceivedPacket.Log);
        Assert.Equal(0, await run.EndAsync());
        Assert.DoesNotContain(run.Lines, line => line.Contains(InUse, StringComparison.Ordinal));
    }

    private static async Task<HepBridgeProcess> BeginAsync(Setup setup, string report)
    {
        await setup.StartSwitchAsync("--speed", "10", "--loop");
        HepBridgeProcess listen = await setup.StartCollectorAsync();
        setup.Save(setup.Configuration(report));
        return listen;
    }

    /// <summary>Waits for this many packets of a type, starting at a line; returns the number of lines then.</summary>
    private static async Task<int> SeesAsync(HepBridgeProcess listen, int type, int count, int from)
    {
        int at = from;
        await listen.SeesAsync(
            line =>
            {
                at++;
                return ReceivedPacket.Of(line)?.Type == type && --count == 0;
            },
            $"type {type}",
            from);
        return at;
    }
}
