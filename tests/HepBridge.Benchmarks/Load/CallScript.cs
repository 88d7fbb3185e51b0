using System.Buffers.Text;
using System.Text;
using HepBridge.Configuration;
using HepBridge.Replay;
using HepBridge.Reports;

namespace HepBridge.Benchmarks.Load;

/// <summary>
/// The events of one recorded two-leg call, as frames whose variable parts can be overwritten in place: the first eight
/// digits of Unique-IDs and Call-IDs, sequence, time, and the RTCP timestamps.
/// </summary>
internal sealed class CallScript
{
    /// <summary>How often to repeat the recorded call's RTCP: it lasted seconds, most calls last minutes.</summary>
    private const int RtcpRepeats = 4;

    private const int IdLength = 8;
    private static readonly string[] _numbers = ["NTP-Least-Significant-Word", "RTP-Timestamp"];

    private CallScript(IReadOnlyList<ScriptEvent> events) => Events = events;

    /// <summary>The call's events, in order.</summary>
    public IReadOnlyList<ScriptEvent> Events { get; }

    /// <summary>The position after the bridge: from there on both legs are talking and their Call-IDs are known.</summary>
    public int Established => Events.Select((e, at) => (e.Name, At: at)).First(e => e.Name == "CHANNEL_BRIDGE").At + 1;

    /// <summary>Creates it from the recording embedded in the program.</summary>
    public static CallScript Load()
    {
        Recording recording = Recording.LoadDemo();
        (IReadOnlyList<string> names, _) = new ReportPlan(new ReportOptions()).Subscription();
        List<(string Name, string Leg, string CallId, string Text)> events =
        [
            .. from frame in recording.Frames
               where !frame.IsLog && names.Contains(frame.Name)
               select (frame.Name, recording.HeaderOf(frame, "Unique-ID"u8), recording.HeaderOf(frame, "variable_sip_call_id"u8),
                   Encoding.Latin1.GetString(recording.BodyOf(frame))),
        ];

        // The first bridged leg, and the one it was bridged to: the stock example of a call.
        string bridge = events.First(e => e.Name == "CHANNEL_BRIDGE").Text;
        string a = Header(bridge, "Bridge-A-Unique-ID");
        string b = Header(bridge, "Bridge-B-Unique-ID");
        string[] ids = [a, b, events.First(e => e.Leg == a && e.CallId.Length > 0).CallId, events.First(e => e.Leg == b && e.CallId.Length > 0).CallId];
        List<ScriptEvent> script = [];
        List<ScriptEvent> rtcp = [];
        foreach ((string name, string leg, string callId, string text) in events.Where(e => e.Leg == a || e.Leg == b))
        {
            ScriptEvent made = new(name, leg == a ? 0 : 1, callId.Length > 0, Frame(text), ids);
            bool isRtcp = name.EndsWith("_RTCP_MESSAGE", StringComparison.Ordinal);
            if (isRtcp)
            {
                rtcp.Add(made);
            }
            else if (name is "CHANNEL_HANGUP_COMPLETE" && rtcp.Count > 0)
            {
                for (int i = 1; i < RtcpRepeats; i++)
                {
                    script.AddRange(rtcp);
                }

                rtcp.Clear();
            }

            script.Add(made);
        }

        return new CallScript(script);
    }

    private static string Header(string text, string name)
    {
        string line = text.Split('\n').First(line => line.StartsWith(name + ": ", StringComparison.Ordinal));
        return line[(name.Length + 2)..];
    }

    // Reserves the full width of numbers.
    private static byte[] Frame(string text)
    {
        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            int colon = lines[i].IndexOf(": ", StringComparison.Ordinal);
            string name = colon < 0 ? "" : lines[i][..colon];
            if (name == "Event-Sequence")
            {
                lines[i] = $"{name}: {new string('0', ScriptEvent.SequenceDigits)}";
            }
            else if (_numbers.Contains(name))
            {
                lines[i] = $"{name}: {new string('0', ScriptEvent.NumberDigits)}";
            }
        }

        string body = string.Join('\n', lines);
        return Encoding.Latin1.GetBytes($"Content-Length: {body.Length}\nContent-Type: text/event-plain\n\n{body}");
    }

    /// <summary>One event of the script.</summary>
    internal sealed class ScriptEvent
    {
        public const int SequenceDigits = 12;
        public const int NumberDigits = 10;
        private readonly byte[] _frame;
        private readonly (int Offset, int Id)[] _ids;
        private readonly int _sequence;
        private readonly int _time;
        private readonly int[] _numbers;

        public ScriptEvent(string name, int leg, bool hasCallId, byte[] frame, string[] ids)
        {
            (Name, Leg, HasCallId, _frame) = (name, leg, hasCallId, frame);
            string text = Encoding.Latin1.GetString(frame);
            _ids = [.. ids.SelectMany((id, index) => Offsets(text, Uri.EscapeDataString(id)).Select(offset => (offset, index))).Distinct()];
            _sequence = Value(text, "Event-Sequence");
            _time = Value(text, "Event-Date-Timestamp");
            _numbers = [.. CallScript._numbers.Select(number => Value(text, number)).Where(offset => offset > 0)];
        }

        public string Name { get; }

        /// <summary>0: the caller's leg; 1: the callee's.</summary>
        public int Leg { get; }

        /// <summary>Whether it contains the leg's Call-ID.</summary>
        public bool HasCallId { get; }

        public int Length => _frame.Length;

        /// <summary>Writes the frame of one call's event.</summary>
        /// <param name="destination">At least <see cref="Length"/> bytes.</param>
        /// <param name="call">The call's number.</param>
        /// <param name="sequence">The event's number; also its RTP timestamp, which identifies its RTCP.</param>
        /// <param name="microseconds">The event's time, since 1970.</param>
        public void Write(Span<byte> destination, uint call, long sequence, long microseconds)
        {
            _frame.CopyTo(destination);
            foreach ((int offset, int id) in _ids)
            {
                // An odd multiplier gives each call different digits.
                Utf8Formatter.TryFormat((call * 4 + (uint)id) * 2_654_435_761u, destination.Slice(offset, IdLength), out _, new('x', 8));
            }

            Utf8Formatter.TryFormat(sequence, destination.Slice(_sequence, SequenceDigits), out _, new('D', SequenceDigits));
            Utf8Formatter.TryFormat(microseconds, destination[_time..], out _);
            foreach (int offset in _numbers)
            {
                Utf8Formatter.TryFormat(sequence, destination.Slice(offset, NumberDigits), out _, new('D', NumberDigits));
            }
        }

        private static IEnumerable<int> Offsets(string text, string value)
        {
            for (int at = text.IndexOf(value, StringComparison.Ordinal); at >= 0; at = text.IndexOf(value, at + 1, StringComparison.Ordinal))
            {
                yield return at;
            }
        }

        private static int Value(string text, string name)
        {
            int at = text.IndexOf($"\n{name}: ", StringComparison.Ordinal);
            return at < 0 ? 0 : at + name.Length + 3;
        }
    }
}
