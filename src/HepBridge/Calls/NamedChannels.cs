using HepBridge.FreeSwitch.Events;

namespace HepBridge.Calls;

/// <summary>
/// The header that names the channel in CUSTOM events without Unique-ID, by subclass. The other default subclasses
/// always carry Unique-ID when they concern a channel: conference::maintenance (members), valet_parking::info,
/// sofia::reinvite, sofia::intercepted, avmd::beep, avmd::start, avmd::stop, amd::info, mod_dptools::info.
/// </summary>
internal static class NamedChannels
{
    private static readonly (byte[] Subclass, byte[] Header)[] _headers =
    [
        // mod_callcenter.c: agent-offering, bridge-agent-fail, agent-max-no-answer name the caller's channel.
        ("callcenter::info"u8.ToArray(), "CC-Member-Session-UUID"u8.ToArray()),

        // mod_fifo.c, ringall: pre-dial once the caller has left, and post-dial after a failure.
        ("fifo::info"u8.ToArray(), "caller-uuid"u8.ToArray()),

        // mod_voicemail.c, leave-message: a message gets the UUID of the channel that left it.
        ("vm::maintenance"u8.ToArray(), "VM-UUID"u8.ToArray()),

        // mod_spandsp_fax.c adds it next to Unique-ID.
        ("spandsp::txfaxresult"u8.ToArray(), "uuid"u8.ToArray()),
        ("spandsp::rxfaxresult"u8.ToArray(), "uuid"u8.ToArray()),
        ("spandsp::txfaxpageresult"u8.ToArray(), "uuid"u8.ToArray()),
        ("spandsp::rxfaxpageresult"u8.ToArray(), "uuid"u8.ToArray()),
        ("spandsp::txfaxnegociateresult"u8.ToArray(), "uuid"u8.ToArray()),
        ("spandsp::rxfaxnegociateresult"u8.ToArray(), "uuid"u8.ToArray()),
    ];

    /// <summary>The UUID of the channel that the event names; empty if it names none.</summary>
    public static HeaderValue Find(scoped in FreeSwitchEvent e)
    {
        HeaderValue subclass = e.Get(KnownHeader.EventSubclass);
        foreach ((byte[] known, byte[] header) in _headers)
        {
            if (subclass.Is(known))
            {
                return e.Find(header);
            }
        }

        return default;
    }
}
