using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using HepBridge.FreeSwitch;
using HepBridge.FreeSwitch.Multicast;
using HepBridge.Hep;

namespace HepBridge.Benchmarks.Load;

/// <summary>
/// The collector of a measurement, as a separate process: counts datagrams and records when each event's datagram
/// arrived. Prints its port, and at the end of its input its counts: datagrams, bytes, dropped by the kernel, not HEP,
/// and the times of the first and the last one.
/// </summary>
internal static class LoadSink
{
    public const string Argument = "load-sink";
    private const int ReceiveBuffer = 64 * 1024 * 1024;

    /// <summary>Runs the process: <c>TIMES</c> is the file for the arrival time of each event's datagram (0: none).</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        using MulticastSocket socket = MulticastSocket.Open(IPAddress.Loopback, 0, null, ReceiveBuffer);
        Console.WriteLine(((IPEndPoint)socket.Socket.LocalEndPoint!).Port);
        using CancellationTokenSource stop = new();
        Counts counts = new();
        Task reading = Task.Factory.StartNew(() => Read(socket, counts, stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Console.In.ReadToEndAsync();
        await stop.CancelAsync();
        SocketWait.Wake(socket.Socket);
        await reading;
        await using (FileStream times = File.Create(arguments[0]))
        {
            times.Write(MemoryMarshal.AsBytes<long>(counts.Times));
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{counts.Datagrams} {counts.Bytes} {socket.TakeDrops()} {counts.NotHep} {counts.First} {counts.Last}"));
        return 0;
    }

    private static void Read(MulticastSocket socket, Counts counts, CancellationToken stop)
    {
        DatagramReader reader = DatagramReader.Create(socket.Socket);
        try
        {
            while (!stop.IsCancellationRequested)
            {
                SocketWait.UntilReadable(socket.Socket, stop);
                int count = reader.Read();
                long now = MonotonicClock.Now;
                for (int slot = 0; slot < count; slot++)
                {
                    counts.Add(reader.Buffer.AsSpan(slot * DatagramReader.SlotLength, reader.Length(slot)), now);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The measurement is over.
            return;
        }
    }

    private sealed class Counts
    {
        private long[] _times = new long[1 << 20];

        public ReadOnlySpan<long> Times => _times;

        public long Datagrams { get; private set; }

        public long Bytes { get; private set; }

        public long NotHep { get; private set; }

        public long First { get; private set; }

        public long Last { get; private set; }

        public void Add(ReadOnlySpan<byte> datagram, long now)
        {
            Datagrams++;
            Bytes += datagram.Length;
            First = First == 0 ? now : First;
            Last = now;
            if (!HepDecoder.TryDecode(datagram, out HepPacket packet, out _))
            {
                NotHep++;
                if (BinaryPrimitives.TryReadInt64LittleEndian(datagram, out long number))
                {
                    Note(number, now);
                }

                return;
            }

            ReadOnlySpan<byte> mark = packet.PayloadType == HepPayloadType.Log ? " seq="u8 : "\"rtp_timestamp\":"u8;
            int at = packet.Payload.IndexOf(mark);
            if (at >= 0 && Utf8Parser.TryParse(packet.Payload[(at + mark.Length)..], out int sequence, out _))
            {
                Note(sequence, now);
            }
        }

        private void Note(long sequence, long now)
        {
            if (sequence is < 0 or > int.MaxValue / 16)
            {
                return;
            }

            if (_times.Length <= sequence)
            {
                Array.Resize(ref _times, Math.Max(_times.Length * 2, (int)sequence + 1));
            }

            // The end of a leg gives two: the first is the event's own.
            if (_times[sequence] == 0)
            {
                _times[sequence] = now;
            }
        }
    }
}
