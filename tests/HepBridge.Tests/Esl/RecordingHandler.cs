using System.Text;
using System.Threading.Channels;
using HepBridge.FreeSwitch.Esl;

namespace HepBridge.Tests.Esl;

/// <summary>Records what a client reports, in order, and lets a test wait for the next item.</summary>
internal sealed class RecordingHandler : IEslHandler
{
    private readonly Channel<string> _told = Channel.CreateUnbounded<string>();

    public EslDisconnected LastDisconnect { get; private set; }

    public List<string> Dumps { get; } = [];

    /// <summary>
    /// The next report: <c>connected</c>, <c>event NAME</c>, <c>log TEXT</c>, <c>refused …</c>, <c>disconnected
    /// REASON</c>, <c>rebuilt …</c>.
    /// </summary>
    public async Task<string> NextAsync() => await _told.Reader.ReadAsync();

    public void OnConnected(in EslConnected connected) => _told.Writer.TryWrite($"connected {connected.FailuresBefore} {(connected.IsFirst ? "first" : "again")}");

    public void OnFrame(in EslFrame frame)
    {
        string text = Encoding.UTF8.GetString(frame.Body);
        string line = text[..text.IndexOf('\n', StringComparison.Ordinal)];
        _told.Writer.TryWrite(frame.ContentType == EslContentType.LogData ? "log " + line : "event " + line.Replace("Event-Name: ", "", StringComparison.Ordinal));
    }

    public void OnBatchEnd()
    {
    }

    public void OnRefused(string message) => _told.Writer.TryWrite("refused " + message);

    public void OnDisconnected(in EslDisconnected disconnected)
    {
        LastDisconnect = disconnected;
        _told.Writer.TryWrite($"disconnected {disconnected.Reason}");
    }

    public void OnChannelDump(ReadOnlySpan<byte> plainEvent) => Dumps.Add(Encoding.UTF8.GetString(plainEvent));

    public void OnChannelsRebuilt(in ChannelSyncResult result) =>
        _told.Writer.TryWrite($"rebuilt {result.Outcome.Reason} {result.Listed} {result.Dumped} {result.Gone}");
}
