using HepBridge.Diagnostics;
using HepBridge.FreeSwitch.Events;
using HepBridge.FreeSwitch.Multicast;
using HepBridge.Hosting.Telemetry;
using HepBridge.Outputs;

namespace HepBridge.Tests.Hosting.Telemetry;

public sealed class DropAdviceTests
{
    [Fact]
    public void Every_reason_says_what_to_do()
    {
        IEnumerable<(string Reason, string Advice)> all =
        [
            .. Enum.GetValues<UncorrelatedReason>().Select(r => (r.ToString(), DropAdvice.For(r))),
            .. Enum.GetValues<EventRejection>().Where(r => r != EventRejection.None).Select(r => (r.ToString(), DropAdvice.For(r))),
            .. Enum.GetValues<DatagramReject>().Where(r => r != DatagramReject.None).Select(r => (r.ToString(), DropAdvice.For(r))),
            .. Enum.GetValues<DropReason>().Select(r => (r.ToString(), DropAdvice.For(r))),
        ];
        Assert.All(all, one => Assert.Matches("^[A-Z].{20,}[.]$", one.Advice));
    }
}
