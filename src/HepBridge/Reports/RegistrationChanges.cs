using HepBridge.Calls;
using HepBridge.FreeSwitch.Events;

namespace HepBridge.Reports;

/// <summary>
/// Tells a registration that changes something (state, contact, address, node) from a mere refresh. Bounded: clears
/// itself when full, so each user is then reported once more.
/// </summary>
internal sealed class RegistrationChanges
{
    private const int MaxUsers = 100_000;
    private readonly Dictionary<ulong, ulong> _states = [];

    public bool IsChange(scoped in FreeSwitchEvent e, Switch owner)
    {
        if (e.Kind == EventKind.RegisterFailure)
        {
            return true;
        }

        // A user has one registration per device, distinguished by Call-ID.
        ulong user = ByteHash.Compute(RegistrationReport.User(e).Raw, ByteHash.Compute(RegistrationReport.Host(e).Raw));
        user = ByteHash.Compute(e.Get(KnownHeader.RegistrationCallId).Raw, user);
        if (e.Kind is EventKind.Unregister or EventKind.RegisterExpire)
        {
            _states.Remove(user);
            return true;
        }

        ulong state = ByteHash.Compute(e.Get(KnownHeader.Contact).Raw, (ulong)owner.Index + 1);
        state = ByteHash.Compute(e.Get(KnownHeader.NetworkIp).Raw, state);
        if (_states.TryGetValue(user, out ulong known) && known == state)
        {
            return false;
        }

        if (_states.Count >= MaxUsers)
        {
            _states.Clear();
        }

        _states[user] = state;
        return true;
    }
}
