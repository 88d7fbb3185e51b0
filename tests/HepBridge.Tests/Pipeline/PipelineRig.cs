using System.Text;
using HepBridge.Configuration;
using HepBridge.FreeSwitch.Esl;
using HepBridge.FreeSwitch.Events;
using HepBridge.Pipeline;
using HepBridge.Reports;
using HepBridge.Tests.Esl;
using HepBridge.Tests.Events;
using Microsoft.Extensions.Logging.Abstractions;

namespace HepBridge.Tests.Pipeline;

/// <summary>A pipeline without sockets: events in, packets out, and a clock moved by hand.</summary>
internal sealed class PipelineRig
{
    private readonly EventParser _parser = new();

    public PipelineRig(ReportOptions? reports = null, CallOptions? calls = null)
    {
        Pipeline = new HepBridge.Pipeline.EventPipeline(calls ?? new CallOptions(), Time, NullLogger<HepBridge.Pipeline.EventPipeline>.Instance)
        {
            Outputs = [Output],
        };
        Input = new InputBinding("test", new ReportPlan(reports ?? AllReports));
    }

    public static ReportOptions AllReports { get; } = new() { RegistrationEvents = true, CustomEvents = true, LogEvents = true, LogLevel = 7 };

    public ManualTime Time { get; } = new();

    public CollectingOutput Output { get; } = new();

    public HepBridge.Pipeline.EventPipeline Pipeline { get; }

    /// <summary>The input of the events.</summary>
    public InputBinding Input { get; set; }

    public List<CollectedPacket> Packets => Output.Packets;

    /// <summary>Feeds a recorded event socket stream.</summary>
    public PipelineRig Feed(ReadOnlySpan<byte> stream)
    {
        using EslFrameReader reader = new();
        while (!stream.IsEmpty)
        {
            Memory<byte> free = reader.GetMemory();
            int length = Math.Min(free.Length, stream.Length);
            stream[..length].CopyTo(free.Span);
            stream = stream[length..];
            reader.Advance(length);
            lock (Pipeline.Gate)
            {
                while (reader.TryRead(out EslFrame frame))
                {
                    switch (frame.ContentType)
                    {
                        case EslContentType.EventPlain:
                            Feed(frame.Body, EventEncoding.Plain);
                            break;
                        case EslContentType.EventJson:
                            Feed(frame.Body, EventEncoding.Json);
                            break;
                        case EslContentType.LogData:
                            Feed(frame.Bytes, EventEncoding.Log);
                            break;
                    }
                }

                Pipeline.EndBatch();
            }
        }

        return this;
    }

    /// <summary>Feeds one event given as headers; the values are URL-encoded here.</summary>
    public PipelineRig Feed(string name, params (string Name, string Value)[] headers)
    {
        StringBuilder text = new();
        text.Append("Event-Name: ").Append(name).Append('\n');
        foreach ((string header, string value) in (IEnumerable<(string, string)>)[.. headers, .. Defaults(headers)])
        {
            text.Append(header).Append(": ").Append(SwitchEncoding.Encode(value)).Append('\n');
        }

        text.Append('\n');
        lock (Pipeline.Gate)
        {
            Feed(Encoding.UTF8.GetBytes(text.ToString()), EventEncoding.Plain);
            Pipeline.EndBatch();
        }

        return this;
    }

    public PipelineRig Advance(double seconds)
    {
        Time.Advance(TimeSpan.FromSeconds(seconds));
        lock (Pipeline.Gate)
        {
            Pipeline.Tick();
        }

        return this;
    }

    /// <summary>The rig's time in microseconds since 1970.</summary>
    public long Now() => (Time.GetUtcNow().Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public void Feed(ReadOnlySpan<byte> bytes, EventEncoding encoding)
    {
        if (_parser.TryParse(bytes, encoding, out FreeSwitchEvent e, out EventRejection rejection))
        {
            Pipeline.Process(e, Input);
        }
        else
        {
            Pipeline.CountMalformed(Input, rejection);
        }
    }

    private static int _sequence;

    private IEnumerable<(string, string)> Defaults((string Name, string Value)[] given)
    {
        long now = Now();
        (string, string)[] defaults =
        [
            ("Core-UUID", "178218bc-08aa-4538-a763-a2abafa62897"), ("FreeSWITCH-Switchname", "fs-test"), ("FreeSWITCH-IPv4", "10.0.0.1"),
            ("FreeSWITCH-IPv6", "::1"), ("Event-Date-Local", Time.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss", null)),
            ("Event-Date-Timestamp", $"{now}"), ("Event-Sequence", $"{Interlocked.Increment(ref _sequence)}"),
        ];
        return defaults.Where(header => given.All(other => other.Name != header.Item1));
    }
}
