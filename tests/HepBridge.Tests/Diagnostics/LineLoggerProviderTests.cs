using System.Globalization;
using System.Text;
using HepBridge.Diagnostics;
using HepBridge.Tests.Esl;
using Microsoft.Extensions.Logging;

namespace HepBridge.Tests.Diagnostics;

/// <summary>The log's reader may stop reading: logging never waits for it.</summary>
public sealed class LineLoggerProviderTests
{
    [Fact]
    public void A_blocked_stream_delays_nobody_and_drops_are_reported_once_it_continues()
    {
        StuckStream stream = new();
        using LineLoggerProvider provider = new(stream, isForJournal: true, TimeProvider.System, capacity: 1_000);
        ILogger log = provider.CreateLogger("HepBridge");
        for (int i = 0; i < 1_000; i++)
        {
            Write(log, 1_000, LogLevel.Information, $"line {i}");
        }

        long dropped = provider.Dropped;
        Assert.InRange(dropped, 900, 999);
        stream.Open();
        stream.WaitFor("dropped");
        Write(log, 1_000, LogLevel.Information, "last");
        string[] lines = stream.WaitFor("last");

        Assert.Equal(Enumerable.Range(0, 1_000 - (int)dropped).Select(i => $"<6>info  line {i}"), lines[..^2]);
        Assert.Equal($"<4>warn  {dropped} log messages were dropped: the log's reader did not keep up", lines[^2]);
        Assert.Equal(dropped, provider.Dropped);
    }

    [Fact]
    public void Disposal_writes_queued_lines()
    {
        StuckStream stream = new();
        stream.Open();
        using (LineLoggerProvider provider = new(stream, isForJournal: true, TimeProvider.System))
        {
            Write(provider.CreateLogger("HepBridge"), 1_000, LogLevel.Information, "last words");
        }

        Assert.Equal(["<6>info  last words"], stream.Lines);
    }

    [Fact]
    public void A_stream_without_a_reader_loses_lines_but_nothing_else()
    {
        using LineLoggerProvider provider = new(new BrokenStream(), isForJournal: true, TimeProvider.System);
        Write(provider.CreateLogger("HepBridge"), 1_000, LogLevel.Information, "nobody reads this");
        provider.Dispose();
        Assert.Equal(1, provider.Dropped);
    }

    [Fact]
    public void Messages_about_single_switches_are_limited_and_omissions_reported()
    {
        StuckStream stream = new();
        stream.Open();
        ManualTime time = new();
        using LineLoggerProvider provider = new(stream, isForJournal: true, time);
        ILogger log = provider.CreateLogger("HepBridge");
        for (int i = 0; i < LineLoggerProvider.LinesPerMinute + 50; i++)
        {
            Write(log, 2_104, LogLevel.Information, string.Create(CultureInfo.InvariantCulture, $"Switch {i} is up."));
        }

        Write(log, 1_000, LogLevel.Information, "another message");
        time.Advance(TimeSpan.FromMinutes(1));
        Write(log, 2_104, LogLevel.Information, "Switch last is up.");
        string[] lines = stream.WaitFor("last");

        Assert.Equal(LineLoggerProvider.LinesPerMinute + 3, lines.Length);
        Assert.Equal(["<6>info  another message", "<6>info  50 more like this were not logged: Switch 69 is up.", "<6>info  Switch last is up."], lines[^3..]);
    }

    private static void Write(ILogger log, int id, LogLevel level, string message) => log.Log(level, new EventId(id), message, null, static (state, _) => state);

    /// <summary>Blocks writes until it is opened.</summary>
    private sealed class StuckStream : MemoryStream
    {
        private readonly ManualResetEventSlim _open = new();
        private readonly Lock _gate = new();
        private readonly StringBuilder _text = new();

        public string[] Lines
        {
            get
            {
                lock (_gate)
                {
                    return _text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
                }
            }
        }

        public void Open() => _open.Set();

        public string[] WaitFor(string text)
        {
            Assert.True(SpinWait.SpinUntil(() => Lines.LastOrDefault()?.Contains(text, StringComparison.Ordinal) == true, TimeSpan.FromSeconds(30)));
            return Lines;
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            _open.Wait();
            lock (_gate)
            {
                _text.Append(Encoding.UTF8.GetString(buffer));
            }
        }
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("Broken pipe");
    }
}
