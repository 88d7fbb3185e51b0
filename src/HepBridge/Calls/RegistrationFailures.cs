using HepBridge.Diagnostics;
using HepBridge.FreeSwitch.Events;
using HepBridge.Hep;
using Microsoft.Extensions.Logging;

namespace HepBridge.Calls;

/// <summary>Finds the Call-IDs of failed registrations, and leaves out those that exceed the limits of password guessing.</summary>
internal sealed class RegistrationFailures(PipelineCounters counters, BatchClock clock, ILogger logger)
{
    private readonly RegistrationAttempts _attempts = new();
    private readonly RegistrationFailureLimit _limit = new();

    /// <summary>Records an attempt that may have failed.</summary>
    public void ObserveAttempt(scoped in FreeSwitchEvent e, Switch owner) => _attempts.Observe(e, owner, clock.Milliseconds);

    /// <summary>The Call-ID to report a failure with; empty if it must not be reported, counted with the reason.</summary>
    public ReadOnlySpan<byte> Admit(scoped in FreeSwitchEvent e, Switch owner, Span<byte> scratch)
    {
        ReadOnlySpan<byte> callId = e.Get(KnownHeader.RegistrationCallId).Decode(scratch);
        callId = callId.IsEmpty ? _attempts.Take(e, owner, clock.Milliseconds) : callId;
        if (callId.IsEmpty)
        {
            counters.AddUncorrelated(UncorrelatedReason.RegistrationUnmatched);
            return default;
        }

        _ = HepAddress.TryParse(e.Get(KnownHeader.NetworkIp).Decode(stackalloc byte[64]), out HepAddress address);
        if (_limit.Allows(address, clock.Milliseconds, out bool isFirst))
        {
            return callId;
        }

        counters.AddUncorrelated(UncorrelatedReason.RegistrationLimit);
        if (isFirst)
        {
            Log.RegistrationFailures(logger, RegistrationFailureLimit.PerAddress, RegistrationFailureLimit.Total, owner.Name, address.ToString());
        }

        return default;
    }
}

/// <summary>
/// Finds the Call-ID of a failed registration. <c>sofia::register_failure</c> has none, but the same function of sofia_reg.c fires
/// <c>sofia::register_attempt</c> with it just before, for the same user, profile, address and port. Bounded: the oldest attempt makes room.
/// </summary>
internal sealed class RegistrationAttempts
{
    private const int Capacity = 1_024;

    // Both events are fired within a few milliseconds, but multicast may delay one of them.
    private const long MaxAgeMilliseconds = 5_000;
    private const int MaxValue = 256;
    private readonly Attempt[] _attempts = new Attempt[Capacity];
    private int _next;

    /// <summary>
    /// Records an attempt that may have failed. Only attempts with credentials fire an event; the first, unauthenticated REGISTER does not.
    /// </summary>
    public void Observe(scoped in FreeSwitchEvent e, Switch owner, long nowMilliseconds)
    {
        // Older versions do not include the result.
        HeaderValue result = e.Find("auth-result"u8);
        HeaderValue callId = e.Get(KnownHeader.RegistrationCallId);
        if ((!result.IsEmpty && !result.Is("FORBIDDEN"u8)) || callId.IsEmpty)
        {
            return;
        }

        ref Attempt attempt = ref _attempts[_next];
        _next = (_next + 1) % Capacity;
        attempt.Key = Key(e, e.Get(KnownHeader.FromUser), owner);
        attempt.SeenMilliseconds = nowMilliseconds;
        Span<byte> scratch = stackalloc byte[1_024];
        attempt.CallId.Set(callId.DecodeId(scratch));
    }

    /// <summary>The Call-ID of the only attempt that matches a failure; empty if none does, or several with different Call-IDs do.</summary>
    /// <remarks>Each attempt is used once. The span is valid until the next call of <see cref="Observe"/>.</remarks>
    public ReadOnlySpan<byte> Take(scoped in FreeSwitchEvent e, Switch owner, long nowMilliseconds)
    {
        ulong key = Key(e, e.Get(KnownHeader.ToUser), owner);
        int found = -1;
        for (int i = 0; i < Capacity; i++)
        {
            ref Attempt attempt = ref _attempts[i];
            if (attempt.Key != key || attempt.SeenMilliseconds < nowMilliseconds - MaxAgeMilliseconds)
            {
                continue;
            }

            if (found >= 0 && !_attempts[found].CallId.Span.SequenceEqual(attempt.CallId.Span))
            {
                return default;
            }

            found = i;
        }

        if (found < 0)
        {
            return default;
        }

        _attempts[found].Key = 0;
        return _attempts[found].CallId.Span;
    }

    private static ulong Key(scoped in FreeSwitchEvent e, HeaderValue user, Switch owner)
    {
        ulong key = Add((ulong)owner.Index + 1, user);
        key = Add(key, e.Get(KnownHeader.ProfileName));
        key = Add(key, e.Get(KnownHeader.NetworkIp));
        return Add(key, e.Get(KnownHeader.NetworkPort)) | 1;
    }

    private static ulong Add(ulong key, HeaderValue value)
    {
        Span<byte> scratch = stackalloc byte[MaxValue];
        return ByteHash.Compute(value.Decode(scratch), key);
    }

    private struct Attempt
    {
        /// <summary>Hash of switch, user, profile, address and port; 0: free or used.</summary>
        public ulong Key;
        public long SeenMilliseconds;
        public ByteString CallId;
    }
}

/// <summary>Limits failed registrations per minute, per address and in total, so that password guessing does not flood the collectors.</summary>
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

    /// <summary>Counts a failure; false if it exceeds a limit, and <paramref name="isFirst"/> is true for the first of this minute.</summary>
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
