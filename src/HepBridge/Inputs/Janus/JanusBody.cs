using System.Text.Json;
using HepBridge.Reports.Janus;

namespace HepBridge.Inputs.Janus;

/// <summary>The body of one POST: an event, or an array of events.</summary>
internal static class JanusBody
{
    private const int MaxDepth = 64;

    /// <summary>Whether it is a JSON object or array.</summary>
    public static bool IsJson(ReadOnlySpan<byte> body)
    {
        Utf8JsonReader reader = new(body, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            if (!reader.Read() || reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
            {
                return false;
            }

            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The elements of a JSON body; an object is its own only element.</summary>
    public ref struct Elements
    {
        private readonly ReadOnlySpan<byte> _body;
        private readonly bool _isArray;
        private Utf8JsonReader _reader;
        private bool _isDone;

        public Elements(ReadOnlySpan<byte> body)
        {
            _body = body;
            _reader = new Utf8JsonReader(body);
            _reader.Read();
            _isArray = _reader.TokenType == JsonTokenType.StartArray;
        }

        /// <summary>The element's JSON.</summary>
        public ReadOnlySpan<byte> Current { get; private set; }

        public readonly Elements GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_isDone || (_isArray && (!_reader.Read() || _reader.TokenType == JsonTokenType.EndArray)))
            {
                return false;
            }

            int start = (int)_reader.TokenStartIndex;
            _reader.Skip();
            Current = _body[start..(int)_reader.BytesConsumed];
            _isDone = !_isArray;
            return true;
        }
    }

    /// <summary>Whether an element is an event: an object with a type.</summary>
    public static bool IsEvent(ReadOnlySpan<byte> element) => element is [(byte)'{', ..] && new JanusEvent(element).Type != 0;
}
