using System.Net.Sockets;

namespace HepBridge.Outputs.Udp;

/// <summary>
/// The packets queued for one UDP collector, and the result of handing each to the kernel. Requires the output's gate, except for <see cref="Ring"/>.
/// </summary>
internal sealed class DatagramQueue(int ringBytes, OutputCounters counters, RefusalTracker refusals)
{
    private PacketBlock? _current;
    private bool _retried;

    /// <summary>Where packets are appended, without the gate.</summary>
    public PacketQueue Ring { get; } = new(ringBytes);

    /// <summary>The next packet; only after <see cref="Send"/> reported that the kernel is full.</summary>
    public ReadOnlyMemory<byte> First
    {
        get
        {
            ReadOnlyMemory<byte> rest = _current!.Rest;
            return rest[..PacketBlock.PacketLength(rest.Span)];
        }
    }

    /// <summary>Sends what the kernel accepts at once.</summary>
    /// <param name="socket">The destination.</param>
    /// <param name="error">Why the collector is unreachable, after <see cref="DatagramOutcome.Unreachable"/>.</param>
    public DatagramOutcome Send(DatagramSocket socket, out SocketError error)
    {
        error = SocketError.Success;
        while (TakeCurrent() is { } block)
        {
            (int count, int bytes) = socket.Send(block.Rest.Span, out error);
            if (count > 0)
            {
                Sent(count, bytes);
            }

            if (_current is null)
            {
                continue;
            }

            switch (error)
            {
                case SocketError.Success or SocketError.Interrupted:
                    break;
                case SocketError.WouldBlock or SocketError.NoBufferSpaceAvailable:
                    return DatagramOutcome.KernelFull;
                case SocketError.ConnectionRefused:
                    Refused();
                    break;
                case SocketError.MessageSize:
                    DropFirst(DropReason.TooLarge);
                    break;
                case SocketError.NetworkDown or SocketError.NetworkUnreachable or SocketError.HostDown or SocketError.HostUnreachable:
                    if (_retried)
                    {
                        _retried = false;
                        return DatagramOutcome.Unreachable;
                    }

                    _retried = true;
                    break;
                default:
                    RetryOnce(DropReason.SendError);
                    break;
            }
        }

        return DatagramOutcome.AllSent;
    }

    /// <summary>Marks packets at the start as sent.</summary>
    public void Sent(int count, int bytes)
    {
        Advance(count, bytes);
        counters.AddLeft(count);
        counters.AddSent(count, bytes);
        _retried = false;
        refusals.NoteSent();
    }

    /// <summary>The first packet met a refusal and is retried once.</summary>
    public void Refused()
    {
        refusals.Note();
        RetryOnce(DropReason.Refused);
    }

    /// <summary>Empties the queue and counts every packet.</summary>
    public void DropAll(DropReason reason)
    {
        while (TakeCurrent() is { } block)
        {
            int count = block.RestPackets;
            Advance(count, block.Rest.Length);
            counters.AddLeft(count);
            counters.AddDropped(reason, count);
        }
    }

    private PacketBlock? TakeCurrent() => _current ??= Ring.HasBlocks ? Ring.Take() : null;

    private void RetryOnce(DropReason reason)
    {
        if (_retried)
        {
            DropFirst(reason);
        }

        _retried = !_retried;
    }

    private void DropFirst(DropReason reason)
    {
        Advance(1, First.Length);
        counters.AddLeft(1);
        counters.AddDropped(reason);
    }

    private void Advance(int count, int bytes)
    {
        Ring.Advance(_current!, count, bytes);
        if (_current!.IsDone)
        {
            Ring.Release(_current);
            _current = null;
        }
    }
}

/// <summary>Result of an attempt to send all queued packets.</summary>
internal enum DatagramOutcome
{
    AllSent,

    /// <summary>The kernel accepts no more for now.</summary>
    KernelFull,

    /// <summary>The collector is unreachable, twice in a row.</summary>
    Unreachable,
}
