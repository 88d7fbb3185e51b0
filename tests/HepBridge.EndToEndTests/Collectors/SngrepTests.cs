using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HepBridge.EndToEndTests.Processes;

namespace HepBridge.EndToEndTests.Collectors;

/// <summary>sngrep's HEP listener, which only supports SIP, receives everything that a Homer does.</summary>
public sealed partial class SngrepTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("s3cret")]
    public async Task Packets_of_other_types_cost_sngrep_no_SIP_message(string? key)
    {
        Packages.RequireSngrep();
        await using Sngrep sngrep = await Sngrep.StartAsync(key);
        await using Setup setup = new();
        byte[][] sip = [.. SwitchSip.Packets.Select(packet => key is null ? packet : SwitchSip.WithKey(packet, key))];
        if (key is not null)
        {
            // Without the key: dropped, so it never counts below.
            await SwitchSip.SendAsync(sngrep.Port, [SwitchSip.Packets[0]], static _ => Task.CompletedTask);
        }

        // The SIP is sent between the agent's packets.
        Task<HepBridgeProcess> playing = CollectedSession.PlayAsync(setup, "20", "reference", Collector(sngrep.Port, key));
        await sngrep.AcceptedAsync(50);
        await SwitchSip.SendAsync(sngrep.Port, sip, sngrep.AcceptedSipAsync);
        int made = int.Parse(await (await playing).MatchesAsync(@"Total: .*; (\d+) packets;"), CultureInfo.InvariantCulture);
        await sngrep.AcceptedAsync(made + sip.Length);

        Assert.False(sngrep.HasEnded);
        Assert.Equal(SwitchSip.CallIds.Count, await sngrep.EndAsync());
        Assert.Equal(SwitchSip.Messages.Select(Line), await sngrep.ReadSipAsync());
    }

    private static JsonObject Collector(int port, string? key)
    {
        JsonObject collector = CollectedSession.Collector(port);
        if (key is not null)
        {
            collector["HEP_PASS"] = key;
        }

        return collector;
    }

    /// <summary>tshark's output for a message; sngrep's file has no IPv6, whose addresses mod_sofia omits anyway.</summary>
    private static string Line(StoredPacket message)
    {
        string first = message.Payload[..message.Payload.IndexOf('\r', StringComparison.Ordinal)];
        bool isResponse = first.StartsWith("SIP/2.0 ", StringComparison.Ordinal);
        string[] words = first.Split(' ');
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{message.Time / 1_000_000}.{message.Time % 1_000_000:000000}000\t{End(message.Source)}\t{End(message.Destination)}\t{message.CallId}\t{(isResponse ? "" : words[0])}\t{(isResponse ? words[1] : "")}");
    }

    private static string End(string end) => Ends().Replace(end.Replace("[::]", "0.0.0.0", StringComparison.Ordinal), "$1\t$2");

    [GeneratedRegex(@"^(.*):(\d+)$")]
    private static partial Regex Ends();
}
