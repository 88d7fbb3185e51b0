using HepBridge.Hep;

namespace HepBridge.Calls;

/// <summary>Keeps an attacker who guesses passwords from flooding the collectors: a minute's failed registrations have a limit, by address and in all.</summary>
internal sealed class RegistrationFailureLimit
{
    /// <summary>Failures reported a minute of one address.</summary>
    public const int PerAddress = 30;

    /// <summary>Failures reported a minute in all.</summary>
    public const int Total = 300;

    private const long WindowMilliseconds = 60_000;
    private readonly Dictionary<HepAddress, int> _byAddress = new(Total);
    private long _windowStart;
    private int _total;
    private bool _isExceeded;

    /// <summary>Counts a failure; false if it is over a limit.</summary>
    /// <param name="address">Where the REGISTER came from.</param>
    /// <param name="nowMilliseconds">Our monotonic clock.</param>
    /// <param name="isFirst">Whether it is the first in its minute that is over a limit.</param>
    public bool Allows(HepAddress address, long nowMilliseconds, out bool isFirst)
    {
        if (nowMilliseconds - _windowStart >= WindowMilliseconds)
        {
            _windowStart = nowMilliseconds;
            _byAddress.Clear();
            _total = 0;
            _isExceeded = false;
        }

        int ofAddress = _byAddress.GetValueOrDefault(address);
        if (_total < Total && ofAddress < PerAddress)
        {
            // Only reported ones take room, so the table never holds more than the total.
            _byAddress[address] = ofAddress + 1;
            _total++;
            isFirst = false;
            return true;
        }

        isFirst = !_isExceeded;
        _isExceeded = true;
        return false;
    }
}
