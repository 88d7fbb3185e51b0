using System.Net;
using HepBridge.FreeSwitch.Multicast;
using HepBridge.Inputs;
using HepBridge.Tests.Esl;
using HepBridge.Tests.Outputs;

namespace HepBridge.Tests.Inputs;

public sealed class RejectionWarningsTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly KeptLog _log = new();
    private readonly SenderAddress _sender = SenderAddress.From(IPAddress.Parse("10.0.0.7"));

    public void Dispose() => _log.Dispose();

    [Fact]
    public void The_first_rejection_for_a_reason_is_logged_at_once_with_advice()
    {
        RejectionWarnings<DatagramReject> warnings = new("multicast 225.1.1.1:4242", _log, _time, DatagramAdvice.For);
        warnings.Add(DatagramReject.EncryptedWithoutPsk, _sender);
        warnings.Add(DatagramReject.ForeignSender, _sender);
        Assert.Equal(2, _log.Lines.Length);
        Assert.Contains("set MULTICAST_PSK to the senders' psk", _log.Lines[0], StringComparison.Ordinal);
        Assert.Contains("10.0.0.7", _log.Lines[0], StringComparison.Ordinal);
        Assert.Contains("allowed_senders", _log.Lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_flood_causes_one_line_per_minute_and_its_end_is_logged()
    {
        RejectionWarnings<DatagramReject> warnings = new("multicast", _log, _time, DatagramAdvice.For);
        for (int i = 0; i < 1_000; i++)
        {
            warnings.Add(DatagramReject.NoTrailer, _sender);
        }

        warnings.Tick();
        Assert.Single(_log.Lines);
        _time.Advance(TimeSpan.FromSeconds(61));
        warnings.Tick();
        warnings.Tick();
        Assert.Equal(2, _log.Lines.Length);
        Assert.Contains(" 999 ", _log.Lines[1], StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromSeconds(61));
        warnings.Tick();
        Assert.Equal(2, _log.Lines.Length);
    }

    [Fact]
    public void Dropped_datagrams_cause_one_line_per_minute()
    {
        DropWarnings warnings = new("multicast", _log, _time);
        warnings.Tick(0);
        Assert.Empty(_log.Lines);
        warnings.Tick(3);
        warnings.Tick(10);
        Assert.Contains("dropped 3 ", Assert.Single(_log.Lines), StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromSeconds(61));
        warnings.Tick(10);
        Assert.Contains("dropped 7 ", _log.Lines[1], StringComparison.Ordinal);
    }
}
