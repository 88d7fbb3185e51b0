namespace HepBridge.FreeSwitch.Events;

/// <summary>Records the positions of the known headers and the body of an event that is one JSON object. The first of duplicate names wins.</summary>
internal static class JsonScan
{
    /// <summary>Scans the object's members; false if it is not an object. <paramref name="end"/> is the index of the closing brace.</summary>
    public static bool TryNote(ReadOnlySpan<byte> bytes, int wrapping, HeaderSlot[] slots, out int end, out HeaderSlot body)
    {
        body = default;
        end = 0;
        int at = JsonText.SkipSpace(bytes, 0);
        if (at >= bytes.Length || bytes[at] != '{')
        {
            return false;
        }

        at = JsonText.SkipSpace(bytes, at + 1);
        if (at < bytes.Length && bytes[at] == '}')
        {
            end = at;
            return true;
        }

        while (at < bytes.Length && bytes[at] == '"')
        {
            int nameStart = at + 1;
            int nameEnd = JsonText.FindStringEnd(bytes, nameStart);
            if (nameEnd < 0)
            {
                return false;
            }

            at = JsonText.SkipSpace(bytes, nameEnd);
            if (at >= bytes.Length || bytes[at] != ':')
            {
                return false;
            }

            at = JsonText.SkipSpace(bytes, at + 1);
            int valueEnd = at < bytes.Length ? JsonText.SkipValue(bytes, at) : -1;
            if (valueEnd < 0)
            {
                return false;
            }

            HeaderSlot value = bytes[at] == '"' ? HeaderSlot.At(at + 1, valueEnd - at - 2) : HeaderSlot.RawJsonAt(at, valueEnd - at);
            NoteMember(bytes[nameStart..(nameEnd - 1)], value, wrapping, slots, ref body);
            at = JsonText.SkipSpace(bytes, valueEnd);
            if (at >= bytes.Length)
            {
                return false;
            }

            if (bytes[at] == '}')
            {
                end = at;
                return true;
            }

            if (bytes[at] != ',')
            {
                return false;
            }

            at = JsonText.SkipSpace(bytes, at + 1);
        }

        return false;
    }

    private static void NoteMember(ReadOnlySpan<byte> name, HeaderSlot value, int wrapping, HeaderSlot[] slots, ref HeaderSlot body)
    {
        if (!OrigPrefix.TryStrip(ref name, wrapping))
        {
            return;
        }

        if (name.SequenceEqual("_body"u8))
        {
            body = body.Start == 0 && !value.IsRawJson && value.Length > 0 ? value : body;
            return;
        }

        KnownHeader header = KnownHeaders.Find(name);
        if (header != KnownHeader.None && slots[(int)header].Start == 0)
        {
            slots[(int)header] = value;
        }
    }
}
