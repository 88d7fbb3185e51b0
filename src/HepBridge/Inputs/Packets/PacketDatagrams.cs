using System.Net.Sockets;
using HepBridge.FreeSwitch;
using HepBridge.FreeSwitch.Multicast;

namespace HepBridge.Inputs.Packets;

/// <summary>Reads the datagrams of one bound socket on its own thread.</summary>
internal sealed class PacketDatagrams(Socket socket, PacketIntake intake, PacketCounters counters, Func<SenderFilter> allowed)
{
    private readonly DatagramReader _reader = DatagramReader.Create(socket);
    private readonly Lock _gate = new();
    private uint _drops;
    private bool _ended;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration waking = cancellationToken.UnsafeRegister(static s => SocketWait.Wake((Socket)s!), socket);
        try
        {
            await Task.Factory.StartNew(() => Read(cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        finally
        {
            UpdateKernelDrops();
            lock (_gate)
            {
                _ended = true;
            }
        }
    }

    /// <summary>Reads the kernel's drop counter. Thread-safe.</summary>
    public void UpdateKernelDrops()
    {
        lock (_gate)
        {
            if (!_ended)
            {
                uint total = ReceiveQueue.Drops(socket);
                counters.DroppedByKernel(total - _drops);
                _drops = total;
            }
        }
    }

    private void Read(CancellationToken ended)
    {
        try
        {
            while (!ended.IsCancellationRequested)
            {
                SocketWait.UntilReadable(socket, ended);
                Take(_reader.Read());
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // Nothing arrived before the end.
        }

        // Datagrams that arrived before the end count; read one buffer at most, because the senders do not stop.
        Take(_reader.Read());
    }

    private void Take(int count)
    {
        SenderFilter filter = allowed();
        long bytes = 0;
        for (int i = 0; i < count; i++)
        {
            bytes += _reader.Length(i);
            if (filter.Allows(_reader.Sender(i)))
            {
                intake.Add(_reader.Buffer, i * DatagramReader.SlotLength, _reader.Length(i), _reader.Sender(i));
            }
            else
            {
                intake.Reject(PacketReject.ForeignSender, _reader.Sender(i));
            }
        }

        counters.Received(count, bytes);
        intake.Flush(_reader.Buffer);
    }
}
