using HepBridge.Calls;
using HepBridge.Hep;

namespace HepBridge.Pipeline;

/// <summary>Receives a packet to send now, with the neighbor's Call-ID as correlation id; empty: none.</summary>
internal delegate void JoinedReceiver<T>(ReadOnlySpan<byte> packet, ReadOnlySpan<byte> neighbor, in T kept);

/// <summary>Limits of <see cref="SipJoiner{T}"/>.</summary>
internal static class SipJoiner
{
    /// <summary>Longest time to hold a packet.</summary>
    public const int HoldMilliseconds = 500;

    /// <summary>Interval for checking held packets.</summary>
    public const int TickMilliseconds = 50;
}

/// <summary>
/// <c>sip_correlation: joined</c>: each SIP packet refers to a neighbor of its leg, so that Homer finds both legs from either. Packets are
/// sent at once, except the last ones of a leg whose neighbors are about to become known: these are held for at most <see
/// cref="SipJoiner.HoldMilliseconds"/>, in order.
/// </summary>
/// <remarks>
/// Homer needs only one packet that refers to each neighbor. So an INVITE is not held for the events that reveal its Call-ID, but the 486
/// of a busy phone and its ACK are, because nothing follows them. An outbound leg's Call-ID becomes known with its first provisional
/// response, or with its hangup.
/// </remarks>
/// <typeparam name="T">Data needed to send a held packet.</typeparam>
internal sealed class SipJoiner<T>(DialogTable dialogs, JoinedReceiver<T> receiver)
{
    // Events lag behind SIP by 20 ms, under load by more: a leg this short may end before its first event arrives.
    private const long ShortLegMilliseconds = 2_000;
    private readonly PacketHold<T> _held = new();

    /// <summary>Packets currently held.</summary>
    public int Held => _held.Count;

    /// <summary>Packets released by a limit of time or size before their neighbor was known.</summary>
    public long Expired { get; private set; }

    /// <summary>Handles one SIP packet: true if it is held, else it is to be sent now with <paramref name="neighbor"/>.</summary>
    /// <param name="packet">The whole packet.</param>
    /// <param name="head">Its SIP message.</param>
    /// <param name="kept">Stored with it if it is held.</param>
    /// <param name="areEventsExpected">Whether any switch is known, so that events may reveal its neighbors.</param>
    /// <param name="nowMilliseconds">Our monotonic clock.</param>
    /// <param name="neighbor">The neighbor's Call-ID; empty if none is known.</param>
    public bool TryHold(
        ReadOnlySpan<byte> packet, scoped in SipHead head, scoped in T kept, bool areEventsExpected, long nowMilliseconds, out ReadOnlySpan<byte> neighbor)
    {
        neighbor = default;
        bool isInvite = head.IsRequest && head.Method.SequenceEqual("INVITE"u8);
        Dialog? dialog = isInvite && areEventsExpected ? dialogs.FindOrAdd(head.CallId, nowMilliseconds) : dialogs.Find(head.CallId);
        if (dialog is null)
        {
            return false;
        }

        bool isLast = IsLast(head, dialog);
        if (isInvite)
        {
            dialog.InvitedMilliseconds ??= nowMilliseconds;
        }

        dialog.IsEnding = isLast || (dialog.IsEnding && !isInvite);
        if (dialog.Held.Count > 0 || (isLast && MustWait(dialog, areEventsExpected, nowMilliseconds)))
        {
            Hold(dialog, packet, kept, nowMilliseconds);
            return true;
        }

        neighbor = dialog.TakeTurn();
        return false;
    }

    /// <summary>Releases a Call-ID's packets if there is nothing left to hold them for.</summary>
    public void Release(Dialog dialog)
    {
        if (dialog.Held.Count > 0 && !dialog.ExpectsNeighbor)
        {
            ReleaseAll(dialog);
        }
    }

    /// <summary>Releases packets held long enough.</summary>
    public void Tick(long nowMilliseconds)
    {
        while (_held.Oldest is { } oldest && nowMilliseconds - oldest.SinceMilliseconds > SipJoiner.HoldMilliseconds - (2 * SipJoiner.TickMilliseconds))
        {
            Expired++;
            ReleaseAll(oldest.Dialog);
        }
    }

    /// <summary>On shutdown: releases all held packets.</summary>
    public void ReleaseEverything()
    {
        while (_held.Oldest is { } oldest)
        {
            ReleaseAll(oldest.Dialog);
        }
    }

    private bool MustWait(Dialog dialog, bool areEventsExpected, long nowMilliseconds)
    {
        if (!areEventsExpected || !dialog.ExpectsNeighbor)
        {
            return false;
        }

        bool isShort = nowMilliseconds - dialog.InvitedMilliseconds < ShortLegMilliseconds;
        return dialog.Nameless > 0 || isShort || (dialog is { Legs: 0, InvitedMilliseconds: not null } && dialogs.NamelessLegs > 0);
    }

    // A leg's last packets: a failure and its ACK, CANCEL, BYE and their responses. A challenge is followed by another INVITE.
    private static bool IsLast(scoped in SipHead head, Dialog dialog) =>
        head.Method.SequenceEqual("CANCEL"u8) || head.Method.SequenceEqual("BYE"u8)
        || (dialog.IsEnding && head.Method.SequenceEqual("ACK"u8))
        || (head.Status >= 300 && head.Status is not (401 or 407) && head.Method.SequenceEqual("INVITE"u8));

    private void Hold(Dialog dialog, ReadOnlySpan<byte> packet, in T kept, long nowMilliseconds)
    {
        if (dialog.Held.Count >= PacketHold<T>.MaxPerDialog)
        {
            Expired++;
            ReleaseFirst(dialog);
        }

        while (_held.IsFull(packet.Length) && _held.Oldest is { } oldest)
        {
            Expired++;
            ReleaseAll(oldest.Dialog);
        }

        _held.Add(dialog, packet, kept, nowMilliseconds);
    }

    private void ReleaseAll(Dialog dialog)
    {
        while (dialog.Held.Count > 0)
        {
            ReleaseFirst(dialog);
        }
    }

    private void ReleaseFirst(Dialog dialog)
    {
        if (_held.TakeFirst(dialog) is { } held)
        {
            receiver(held.Bytes.AsSpan(0, held.Length), dialog.TakeTurn(), held.Kept);
            _held.Return(held);
        }
    }
}
