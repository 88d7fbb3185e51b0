using HepBridge.Hep;

namespace HepBridge.Calls;

/// <summary>
/// Limits failed registrations per minute, per address and in total, so that password guessing does not flood the
/// collectors.
/// </summary>
internal sealed class RegistrationFailureLimit
{
    /// <summary>Failures reported per minute and address.</summary>
    public const int PerAddress = 30;

    /// <summary>Failures reported per minute in total.</summary>
    public const int Total = 300;

    private const long WindowMilliseconds = 60_000;
    private readonly Dictionary<HepAddress, int> _byAddress = new(Total);
    private long _windowStart;
    private int _total;
    private bool _isExceeded;

    /// <summary>Counts a failure; false if it exceeds a limit.</summary>
    /// <param name="address">The REGISTER's source address.</param>
    /// <param name="nowMilliseconds">Our monotonic clock.</param>
    /// <param name="isFirst">Whether it is the first this minute to exceed a limit.</param>
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
            // Only reported ones are stored, so the table never exceeds the total.
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
