namespace HepBridge.Collector.Store;

/// <summary>A call: its legs, and the figures for the call as a whole. Requires the store's lock.</summary>
internal sealed class Call
{
    private readonly List<Leg> _legs = new(2);
    private bool _sorted = true;

    public Call(Leg first)
    {
        _legs.Add(first);
        first.Call = this;
    }

    /// <summary>The lowest leg number identifies the call.</summary>
    public long Id { get; private set; }

    public LinkedListNode<Call>? Age { get; set; }

    /// <summary>The store's version when it last changed.</summary>
    public long Version { get; private set; }

    /// <summary>The caller's leg first, then by start time.</summary>
    public IReadOnlyList<Leg> Legs
    {
        get
        {
            if (!_sorted)
            {
                Sort();
                _sorted = true;
            }

            return _legs;
        }
    }

    /// <summary>The leg that started the call. Its times and cause are the call's.</summary>
    public Leg Caller => Legs[0];

    public int Count => _legs.Count;
    public long First { get; private set; }
    public long Last { get; private set; }
    public DialogKind Kind => _legs.Min(static leg => leg.Kind);

    // The worst leg's.
    public double? Mos => _legs.Min(static leg => leg.Mos);
    public double? LossPercent => _legs.Max(static leg => leg.LossPercent);
    public QualityLevel Level => _legs.Max(static leg => leg.Level);

    /// <summary>Talk time of the caller's leg in microseconds; null if it was never answered.</summary>
    public long? Duration => Caller.Duration;

    /// <summary>The state of the caller's leg; a call is in progress while any leg is up.</summary>
    public CallState State
    {
        get
        {
            if (_legs.Exists(static leg => leg.State == CallState.Answered))
            {
                return CallState.Answered;
            }

            return Caller.State != CallState.Unknown ? Caller.State : _legs.Max(static leg => leg.State);
        }
    }

    /// <summary>Why it ended: the caller's cause, or if that is only NORMAL_CLEARING, the cause of the leg that failed.</summary>
    public string Cause
    {
        get
        {
            string cause = Caller.Cause;
            if (cause.Length > 0 && cause != Leg.NormalClearing && !char.IsAsciiDigit(cause[0]))
            {
                return cause;
            }

            foreach (Leg leg in Legs)
            {
                // The losing legs of a fork, and legs rejected while another one answered, do not explain the end of the call.
                bool tells = leg.Cause.Length > 0 && leg.Cause is not (Leg.NormalClearing or "LOSE_RACE" or "ORIGINATOR_CANCEL" or "PICKED_OFF");
                if (tells && leg != Caller && (Caller.AnsweredAt is null || leg.AnsweredAt is not null))
                {
                    return leg.Cause;
                }
            }

            return cause;
        }
    }

    /// <summary>Marks it as changed. The legs are sorted again on the next read.</summary>
    public void Touch(long version)
    {
        Version = version;
        Id = _legs.Min(static leg => leg.Id);
        First = _legs.Min(static leg => leg.First);
        Last = _legs.Max(static leg => leg.Last);
        _sorted = false;
    }

    public void Join(Call other)
    {
        foreach (Leg leg in other._legs)
        {
            leg.Call = this;
            _legs.Add(leg);
        }

        _sorted = false;
    }

    public void Remove(Leg leg)
    {
        _legs.Remove(leg);
        _sorted = false;
    }

    private void Sort()
    {
        HashSet<string> uuids = [.. _legs.SelectMany(static leg => leg.Uuids.All)];
        bool Originated(Leg leg) => leg.Originator.Length > 0 && uuids.Contains(leg.Originator);
        _legs.Sort((a, b) =>
        {
            int order = a.First != b.First ? a.First.CompareTo(b.First) : a.Id.CompareTo(b.Id);
            int role = Originated(a).CompareTo(Originated(b));
            return role != 0 ? role : order;
        });
        // Legs that started a call of their own (a consultation, a conference's members) follow by start time.
        _legs.Sort(1, _legs.Count - 1, Comparer<Leg>.Create(static (a, b) => a.First != b.First ? a.First.CompareTo(b.First) : a.Id.CompareTo(b.Id)));
    }
}
