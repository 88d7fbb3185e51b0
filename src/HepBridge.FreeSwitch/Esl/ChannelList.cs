using System.Text.Json;

namespace HepBridge.FreeSwitch.Esl;

/// <summary>The reply to <c>show channels as json</c>: <c>{"row_count":1,"rows":[{"uuid":"…",…}]}</c>, without <c>rows</c> if there are none.</summary>
internal static class ChannelList
{
    /// <summary>Reads the channels' ids in the switch's order; false if the reply is something else. Skips ids that would break a command line.</summary>
    public static bool TryRead(ReadOnlySpan<byte> json, out List<string> channels)
    {
        channels = [];
        try
        {
            Utf8JsonReader reader = new(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("uuid"u8) || !reader.Read() || reader.TokenType != JsonTokenType.String)
                {
                    continue;
                }

                string id = reader.GetString()!;
                if (id.Length > 0 && EslCommand.IsOneLine(id) && !id.Contains(' ', StringComparison.Ordinal))
                {
                    channels.Add(id);
                }
            }

            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
