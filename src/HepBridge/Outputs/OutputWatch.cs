namespace HepBridge.Outputs;

/// <summary>
/// The outputs as an input sees them that can wait: are they congested, and which of them count. One without a spool whose collectors are all away holds
/// nothing up while another output works.
/// </summary>
internal sealed class OutputWatch
{
    private IOutput[] _all = [];
    private IOutput[] _excused = [];

    /// <summary>The outputs with rings.</summary>
    public IReadOnlyList<IOutput> All => _all;

    /// <summary>Outputs that are away and hold nothing up.</summary>
    public IReadOnlyList<IOutput> Excused => _excused;

    /// <summary>Whether an output that counts has its ring half full: what it gets now, it might have to drop.</summary>
    public bool IsCongested
    {
        get
        {
            foreach (IOutput output in _all)
            {
                foreach (PacketQueue ring in output.Rings)
                {
                    if (ring.Bytes > ring.Capacity / 2 && !IsExcused(output))
                    {
                        return true;
                    }
                }
            }

            return false;
        }
    }

    public bool IsExcused(IOutput output) => Array.IndexOf(_excused, output) >= 0;

    /// <summary>Looks at the outputs again; a few times a second.</summary>
    public void Refresh(IOutput[] outputs)
    {
        IOutput[] all = outputs.Where(output => output.Rings.Length > 0).ToArray();
        IOutput[] away = all.Where(output => output.State is { Collectors: > 0, Reachable: 0, SpoolCapacity: 0 }).ToArray();
        _all = all;
        _excused = away.Length < all.Length ? away : [];
    }
}
