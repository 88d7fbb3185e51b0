using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace HepBridge.Benchmarks.Load;

/// <summary>
/// The switch of a measurement, as a separate process: answers a login like FreeSWITCH, and sends a number of
/// concurrent recorded calls, as fast as they are accepted or at a fixed rate. Communicates by lines: its port,
/// "subscribed", then "sent" after each "go EVENTS RATE".
/// </summary>
internal static class LoadSource
{
    public const string Argument = "load-source";
    private const int BurstBytes = 256 * 1024;
    private static readonly Lock _sending = new();

    /// <summary>
    /// Runs the process: <c>CALLS TIMES</c>. At the end it writes to the file TIMES when each event was sent, and which
    /// event released it.
    /// </summary>
    public static int Run(string[] arguments)
    {
        CallStream stream = new(int.Parse(arguments[0], CultureInfo.InvariantCulture));
        List<long> sent = [];
        using Socket listening = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listening.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listening.Listen();
        Console.WriteLine(((IPEndPoint)listening.LocalEndPoint!).Port);
        using Socket client = listening.Accept();
        client.NoDelay = true;
        LogIn(client);
        Console.WriteLine("subscribed");
        while (Console.ReadLine()?.Split(' ') is ["go", string events, string rate])
        {
            // "go 0 0" establishes all calls.
            long count = long.Parse(events, CultureInfo.InvariantCulture);
            Send(client, stream, sent, count == 0 ? stream.EventsUntilEstablished : count, int.Parse(rate, CultureInfo.InvariantCulture));
            Console.WriteLine("sent");
        }

        using FileStream times = File.Create(arguments[1]);
        times.Write(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(sent)));
        times.Write(MemoryMarshal.AsBytes<long>(stream.ReleasedBy.ToArray()));
        return 0;
    }

    /// <summary>Greets, answers every command from then on, and returns after the first subscription.</summary>
    private static void LogIn(Socket client)
    {
        SendAll(client, "Content-Type: auth/request\n\n"u8);
        using ManualResetEventSlim subscribed = new();
        _ = Task.Factory.StartNew(() => Answer(client, subscribed), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        subscribed.Wait();
    }

    private static void Answer(Socket client, ManualResetEventSlim subscribed)
    {
        byte[] buffer = new byte[4096];
        string said = "";
        int count;
        while ((count = Receive(client, buffer)) > 0)
        {
            said += Encoding.UTF8.GetString(buffer, 0, count);
            int end;
            while ((end = said.IndexOf("\n\n", StringComparison.Ordinal)) >= 0)
            {
                lock (client)
                {
                    SendAll(client, "Content-Type: command/reply\nReply-Text: +OK\n\n"u8);
                }

                if (said.StartsWith("event ", StringComparison.Ordinal))
                {
                    subscribed.Set();
                }

                said = said[(end + 2)..];
            }
        }
    }

    private static int Receive(Socket client, byte[] buffer)
    {
        try
        {
            return client.Receive(buffer);
        }
        catch (SocketException)
        {
            // The client has left, which ends a measurement; if it was too early, the sender notices.
            return 0;
        }
    }

    private static void Send(Socket client, CallStream stream, List<long> sent, long events, int rate)
    {
        byte[] buffer = new byte[BurstBytes + stream.LongestFrame];
        long began = MonotonicClock.Now;
        long micros = (DateTime.UtcNow.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
        int filled = 0;
        for (long i = 0; i < events; i++)
        {
            filled += stream.Next(buffer.AsSpan(filled), micros + ((MonotonicClock.Now - began) / 1_000));
            if (rate > 0)
            {
                MonotonicClock.SleepUntil(began + (i * 1_000_000_000 / rate));
            }

            sent.Add(MonotonicClock.Now);
            if (rate > 0 || filled >= BurstBytes || i == events - 1)
            {
                lock (client)
                {
                    SendAll(client, buffer.AsSpan(0, filled));
                }

                filled = 0;
            }
        }
    }

    // A reply may be sent between events, but not in the middle of one.
    private static void SendAll(Socket client, ReadOnlySpan<byte> bytes)
    {
        lock (_sending)
        {
            while (!bytes.IsEmpty)
            {
                bytes = bytes[client.Send(bytes)..];
            }
        }
    }
}
