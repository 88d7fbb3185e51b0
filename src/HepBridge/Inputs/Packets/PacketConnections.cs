using System.Buffers;
using System.Net;
using System.Net.Sockets;
using HepBridge.FreeSwitch.Multicast;
using HepBridge.Hep;

namespace HepBridge.Inputs.Packets;

/// <summary>Accepts TCP connections from other agents and reads their packets, which are back to back.</summary>
internal sealed class PacketConnections(Socket listener, Func<PacketIntake> makeIntake, PacketCounters counters, Func<SenderFilter> allowed)
{
    /// <summary>Most connections at once; further ones are closed.</summary>
    public const int MaxConnections = 256;

    private const int BufferLength = 2 * 65_536;
    private readonly HashSet<Task> _open = [];
    private readonly PacketIntake _refusals = makeIntake();

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                Socket connection = await listener.AcceptAsync(cancellationToken);
                _open.RemoveWhere(task => task.IsCompleted);
                SenderAddress sender = SenderAddress.From(((IPEndPoint)connection.RemoteEndPoint!).Address);
                if (!allowed().Allows(sender))
                {
                    Refuse(connection, PacketReject.ForeignSender, sender);
                }
                else if (_open.Count >= MaxConnections)
                {
                    Refuse(connection, PacketReject.TooManyConnections, sender);
                }
                else
                {
                    _open.Add(ServeAsync(connection, sender, cancellationToken));
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stop requested.
        }
        finally
        {
            await Task.WhenAll(_open);
        }
    }

    private void Refuse(Socket connection, PacketReject reason, SenderAddress sender)
    {
        connection.Dispose();
        counters.Received(1, 0);
        _refusals.Reject(reason, sender);
    }

    private async Task ServeAsync(Socket connection, SenderAddress sender, CancellationToken cancellationToken)
    {
        await Task.Yield();
        counters.Connection(1);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            // An agent that vanished silently must not keep its slot.
            connection.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            await ReadAsync(connection, buffer, sender, cancellationToken);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // The peer disconnected, or the input is stopping.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            connection.Dispose();
            counters.Connection(-1);
        }
    }

    private async Task ReadAsync(Socket connection, byte[] buffer, SenderAddress sender, CancellationToken cancellationToken)
    {
        PacketIntake intake = makeIntake();
        int filled = 0;
        while (true)
        {
            int received = await connection.ReceiveAsync(buffer.AsMemory(filled, BufferLength - filled), SocketFlags.None, cancellationToken);
            if (received == 0)
            {
                if (filled > 0)
                {
                    counters.Received(1, filled);
                    intake.Reject(PacketReject.Truncated, sender);
                }

                return;
            }

            filled += received;
            if (!TryTake(buffer, filled, intake, sender, out int taken))
            {
                return;
            }

            buffer.AsSpan(taken..filled).CopyTo(buffer);
            filled -= taken;
        }
    }

    // False: the stream cannot be followed any further, because the start of the next packet is unknown.
    private bool TryTake(byte[] buffer, int filled, PacketIntake intake, SenderAddress sender, out int taken)
    {
        taken = 0;
        bool isStream = true;
        while (taken < filled)
        {
            HepFrame frame = HepStreamFramer.Next(buffer.AsSpan(taken, filled - taken), out int length);
            if (frame == HepFrame.NeedMore)
            {
                break;
            }

            counters.Received(1, length);
            if (frame != HepFrame.Packet)
            {
                HepReject reason = frame == HepFrame.BadLength ? HepReject.BadTotalLength : HepReject.NotHep;
                intake.Reject(PacketRejects.Of(reason, buffer.AsSpan(taken, filled - taken)), sender);
                isStream = false;
                break;
            }

            intake.Add(buffer, taken, length, sender);
            taken += length;
            if (intake.IsFull)
            {
                intake.Flush(buffer);
            }
        }

        intake.Flush(buffer);
        return isStream;
    }
}
