using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using HepBridge.Hep;

namespace HepBridge.EndToEndTests.Reloading;

/// <summary>A TCP collector that stores the numbers of one switch's events, in the order of their reports.</summary>
internal sealed partial class NumberCollector : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly string _switch;
    private readonly List<int> _numbers = [];
    private readonly Task _serving;

    public NumberCollector(string switchName)
    {
        _switch = switchName;
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Connections { get; private set; }

    public int Count
    {
        get
        {
            lock (_numbers)
            {
                return _numbers.Count;
            }
        }
    }

    public int[] Numbers
    {
        get
        {
            lock (_numbers)
            {
                return [.. _numbers];
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        List<Task> connections = [];
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Connections++;
                connections.Add(ReadAsync(client));
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The test is over.
        }

        await Task.WhenAll(connections);
    }

    private async Task ReadAsync(TcpClient client)
    {
        using TcpClient owned = client;
        byte[] buffer = new byte[1 << 20];
        int filled = 0;
        try
        {
            while (await client.GetStream().ReadAsync(buffer.AsMemory(filled), _stop.Token) is > 0 and int count)
            {
                filled += count;
                int at = 0;
                while (HepStreamFramer.Next(buffer.AsSpan(at, filled - at), out int length) == HepFrame.Packet)
                {
                    Take(buffer.AsSpan(at, length));
                    at += length;
                }

                buffer.AsSpan(at, filled - at).CopyTo(buffer);
                filled -= at;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The test is over, or the agent has stopped.
        }
    }

    private void Take(ReadOnlySpan<byte> packet)
    {
        Assert.True(HepDecoder.TryDecode(packet, out HepPacket decoded, out HepReject reason), reason.ToString());
        Match match = Line().Match(Encoding.UTF8.GetString(decoded.Payload));
        if (match.Success && match.Groups[1].Value == _switch)
        {
            lock (_numbers)
            {
                _numbers.Add(int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));
            }
        }
    }

    [GeneratedRegex(@"; callid=(\w+)-\d+ .*seq=(\d+)")]
    private static partial Regex Line();
}
