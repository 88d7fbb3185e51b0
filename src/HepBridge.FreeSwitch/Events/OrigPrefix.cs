namespace HepBridge.FreeSwitch.Events;

/// <summary>The prefix that mod_event_multicast adds to the headers of an event that it re-fires (mod_event_multicast.c).</summary>
internal static class OrigPrefix
{
    public static ReadOnlySpan<byte> Text => "Orig-"u8;

    /// <summary>Strips the prefix once per re-firing switch; false for a header of such a switch itself.</summary>
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
