using HepBridge.Configuration;
using HepBridge.Hep;
using HepBridge.Hosting;
using HepBridge.Tests.Configuration;
using HepBridge.Tests.Hosting;
using HepBridge.Tests.Pipeline;

namespace HepBridge.Tests.Documentation.Examples;

/// <summary>Runs the agent with each example configuration, between recorded switches and local collectors.</summary>
public sealed class ExampleRunTests
{
    [Theory]
    [MemberData(nameof(ExamplesTests.Files), MemberType = typeof(ExamplesTests))]
    public async Task Every_collector_gets_the_packets_of_every_input(string file)
    {
        await using ExampleSite site = new(file);
        AgentConfiguration configuration = site.ReadConfiguration();
        Assert.SkipWhen(configuration.Inputs.Any(input => input is AmqpInputConfiguration), "needs a broker; the end-to-end tests have one");
        await using AgentRig rig = await AgentRig.StartAsync(configuration, TimeProvider.System, InputKinds.BuiltIn);
        await site.PlayAsync(rig.Agent.Inputs);

        foreach (ExampleCollector collector in site.Collectors)
        {
            foreach ((string what, Func<CollectedPacket, bool> isIt) in configuration.Inputs.SelectMany(Expected))
            {
                await collector.GetsAsync(isIt, $"{what} did not reach {collector}");
            }

            Assert.All(configuration.Inputs.Where(static input => !input.Reports.RtcpEvents && input.EventPaths > 0), input =>
                Assert.DoesNotContain(collector.Packets, packet => packet.Type == HepPayloadType.Rtcp && packet.CaptureId == input.Reports.CaptureId));
        }
    }

    private static IEnumerable<(string What, Func<CollectedPacket, bool> IsIt)> Expected(InputConfiguration input)
    {
        uint agent = input.Reports.CaptureId;
        if (input is LogFilesInputConfiguration)
        {
            yield return ("a line of a log file", packet => IsFrom(packet, HepPayloadType.Log) && packet.Payload.Contains(ExampleSite.LogText, StringComparison.Ordinal));
            yield break;
        }

        if (input is HepInputConfiguration)
        {
            yield return ("a SIP message", packet => packet.Type == HepPayloadType.Sip);
            yield break;
        }

        if (input is JanusInputConfiguration)
        {
            yield return ("an event of Janus", packet => IsFrom(packet, HepPayloadType.Log) && packet.Payload.StartsWith("SIP calling; callee=", StringComparison.Ordinal));
            yield return ("a SIP message", packet => IsFrom(packet, HepPayloadType.Sip));
            yield return ("a quality report", packet => IsFrom(packet, input.Reports.QosTypes[0]));
            yield break;
        }

        if (input.Reports.CallEvents)
        {
            yield return ("a call log", packet => IsFrom(packet, HepPayloadType.Log) && packet.State() is "HANGUP_COMPLETE" or "{\"event\":\"CHANNEL_HANGUP_COMPLETE\"");
        }

        if (input.Reports.RtcpEvents)
        {
            yield return ("RTCP", packet => IsFrom(packet, HepPayloadType.Rtcp));
        }

        foreach (HepPayloadType type in input.Reports.QosEvents ? input.Reports.QosTypes : [])
        {
            yield return ($"a quality report of type {(int)type}", packet => IsFrom(packet, type));
        }

        bool IsFrom(CollectedPacket packet, HepPayloadType type) => packet.Type == type && packet.CaptureId == agent && packet.CallId.Length > 0;
    }
}
