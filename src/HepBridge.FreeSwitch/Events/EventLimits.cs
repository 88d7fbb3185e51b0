namespace HepBridge.FreeSwitch.Events;

/// <summary>
/// Longest ids and names accepted in an event, and therefore stored: anyone on the network can send a multicast
/// datagram. FreeSWITCH itself truncates UUIDs to 256 bytes.
/// </summary>
public static class EventLimits
{
    /// <summary>Bytes of a Unique-ID or Core-UUID, decoded.</summary>
    public const int MaxId = 256;

    /// <summary>Bytes of a switch's, user's, host's, event's or subclass's name, decoded.</summary>
    public const int MaxName = 256;

    /// <summary>Bytes of a SIP Call-ID, decoded.</summary>
    public const int MaxCallId = 1_024;

    private static readonly (KnownHeader Header, int Limit)[] _limits =
    [
        (KnownHeader.CoreUuid, MaxId), (KnownHeader.UniqueId, MaxId), (KnownHeader.OtherLegUniqueId, MaxId), (KnownHeader.VariableOriginator, MaxId),
        (KnownHeader.VariableOtherLoopbackLegUuid, MaxId), (KnownHeader.UserData, MaxId),
        (KnownHeader.EventName, MaxName), (KnownHeader.EventSubclass, MaxName), (KnownHeader.FreeSwitchHostname, MaxName),
        (KnownHeader.FreeSwitchSwitchname, MaxName), (KnownHeader.FromUser, MaxName), (KnownHeader.FromHost, MaxName),
        (KnownHeader.ToUser, MaxName), (KnownHeader.ToHost, MaxName),
        (KnownHeader.VariableSipCallId, MaxCallId), (KnownHeader.VariableSipInviteCallId, MaxCallId), (KnownHeader.RegistrationCallId, MaxCallId),
    ];

    /// <summary>Whether every id and name of the event is short enough.</summary>
    public static bool Admit(in FreeSwitchEvent e)
    {
        foreach ((KnownHeader header, int limit) in _limits)
        {
            // A value is rarely shorter encoded than decoded, so most events cost one comparison per header.
            if (e.Slots[(int)header].Length > limit && !e.Get(header).IsWithin(limit))
            {
                return false;
            }
        }

        return true;
    }
}
