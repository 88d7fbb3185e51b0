namespace HepBridge.FreeSwitch.Events;

/// <summary>The prefix under which mod_event_multicast keeps the headers of an event that it fires again (mod_event_multicast.c).</summary>
internal static class OrigPrefix
{
    public static ReadOnlySpan<byte> Text => "Orig-"u8;

    /// <summary>Takes the prefix off, once for each switch that fired the event again; false for a header of such a switch itself.</summary>
    public static bool TryStrip(ref ReadOnlySpan<byte> name, int times)
    {
        for (; times > 0; times--)
        {
            if (!name.StartsWith(Text))
            {
                return false;
            }

            name = name[Text.Length..];
        }

        return true;
    }
}
