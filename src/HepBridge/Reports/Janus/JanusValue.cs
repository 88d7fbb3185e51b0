using System.Buffers.Text;
using System.Text.Json;
using HepBridge.FreeSwitch.Events;

namespace HepBridge.Reports.Janus;

/// <summary>A view of one JSON value of a Janus event. Its syntax was checked before; nothing here throws or allocates.</summary>
internal readonly ref struct JanusValue(ReadOnlySpan<byte> json)
{
    /// <summary>The JSON itself; empty if the value is missing.</summary>
    public ReadOnlySpan<byte> Json { get; } = json;

    public bool IsEmpty => Json.IsEmpty;

    public bool IsString => !Json.IsEmpty && Json[0] == '"';

    public bool IsObject => !Json.IsEmpty && Json[0] == '{';

    /// <summary>A string's content, still escaped; the text of anything else.</summary>
    public HeaderValue Text => IsString ? new HeaderValue(Json[1..^1], ValueEncoding.JsonString) : new HeaderValue(Json, ValueEncoding.Literal);

    public Members Each() => new(IsObject ? Json : default);

    /// <summary>The first member of this name; empty if there is none.</summary>
    public JanusValue Find(ReadOnlySpan<byte> name)
    {
        foreach (Member member in Each())
        {
            if (member.Name.SequenceEqual(name))
            {
                return member.Value;
            }
        }

        return default;
    }

    public bool TryGetInt64(out long value) => Utf8Parser.TryParse(Json, out value, out int consumed) && consumed == Json.Length;

    public readonly ref struct Member(ReadOnlySpan<byte> name, ReadOnlySpan<byte> json)
    {
        /// <summary>Its name as written.</summary>
        public ReadOnlySpan<byte> Name { get; } = name;

        public JanusValue Value => new(Json);

        private ReadOnlySpan<byte> Json { get; } = json;
    }

    /// <summary>Reads an object's members one by one.</summary>
    public ref struct Members
    {
        private readonly ReadOnlySpan<byte> _json;
        private Utf8JsonReader _reader;

        public Members(ReadOnlySpan<byte> json)
        {
            _json = json;
            _reader = new Utf8JsonReader(json);
            if (!json.IsEmpty)
            {
                _reader.Read();
            }
        }

        public Member Current { get; private set; }

        public readonly Members GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_json.IsEmpty || !_reader.Read() || _reader.TokenType != JsonTokenType.PropertyName)
            {
                return false;
            }

            ReadOnlySpan<byte> name = _reader.ValueSpan;
            _reader.Read();
            int start = (int)_reader.TokenStartIndex;
            _reader.Skip();
            Current = new Member(name, _json[start..(int)_reader.BytesConsumed]);
            return true;
        }
    }
}
