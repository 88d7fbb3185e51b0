namespace HepBridge.Replay;

/// <summary>Which channels exist at which point of a recording, from its CHANNEL_* events.</summary>
internal sealed class RecordedChannels
{
    private readonly Dictionary<string, Span> _spans = new(StringComparer.Ordinal);
    private readonly List<string> _order = [];

    /// <summary>Scans a recording once.</summary>
    public static RecordedChannels Find(byte[] bytes, RecordedFrame[] frames, bool json)
    {
        RecordedChannels channels = new();
        for (int i = 0; i < frames.Length; i++)
        {
            if (frames[i].Name.StartsWith("CHANNEL_", StringComparison.Ordinal))
            {
                channels.Note(bytes.AsSpan(frames[i].BodyOffset, frames[i].BodyLength), i, frames[i].Name, json);
            }
        }

        return channels;
    }

    /// <summary>Channels after the first <paramref name="position"/> frames, oldest first.</summary>
    public IEnumerable<string> At(int position) => _order.Where(channel => IsThere(channel, position));

    /// <summary>The last frame before <paramref name="position"/> with the channel's variables; -1 if there is no such channel.</summary>
    public int LastOf(string channel, int position)
    {
        if (!IsThere(channel, position))
        {
            return -1;
        }

        List<int> frames = _spans[channel].Frames;
        int index = frames.BinarySearch(position);
        index = (index < 0 ? ~index : index) - 1;
        return index >= 0 ? frames[index] : frames.Count > 0 ? frames[0] : -1;
    }

    private bool IsThere(string channel, int position) => _spans.TryGetValue(channel, out Span? span) && span.First < position && position <= span.Last;

    private void Note(ReadOnlySpan<byte> body, int index, string name, bool json)
    {
        string id = "";
        bool hasVariables = false;
        RecordedHeaders headers = new(body, json);
        while (headers.MoveNext() && (id.Length == 0 || !hasVariables))
        {
            if (id.Length == 0 && headers.Name.SequenceEqual("Unique-ID"u8))
            {
                id = RecordedEvent.Decode(headers.Value, json);
            }

            hasVariables |= headers.Name.StartsWith("variable_"u8);
        }

        if (id.Length == 0)
        {
            return;
        }

        if (!_spans.TryGetValue(id, out Span? span))
        {
            // A channel that starts with any other event already existed before the recording.
            bool born = name is "CHANNEL_CREATE" or "CHANNEL_STATE" or "CHANNEL_CALLSTATE" or "CHANNEL_OUTGOING" or "CHANNEL_ORIGINATE" or "CHANNEL_DESTROY";
            span = new Span { First = born ? index : -1 };
            _spans.Add(id, span);
            _order.Add(id);
        }

        if (hasVariables)
        {
            span.Frames.Add(index);
        }

        if (name == "CHANNEL_DESTROY")
        {
            span.Last = index;
        }
    }

    private sealed class Span
    {
        public int First { get; init; }
        public int Last { get; set; } = int.MaxValue;
        public List<int> Frames { get; } = [];
    }
}
