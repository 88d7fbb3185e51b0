using System.Net;
using System.Net.Sockets;
using HepBridge.Diagnostics;
using HepBridge.FreeSwitch;

namespace HepBridge.Outputs.Udp;

/// <content>The worker: resolves the collector's address, and sends at the kernel's pace what could not be sent at once.</content>
internal sealed partial class UdpOutput
{
    /// <summary>Interval for resolving a collector's name again, which also follows one that moved without a refusal.</summary>
    public static readonly TimeSpan LookUpInterval = TimeSpan.FromSeconds(60);

    /// <summary>Shortest time between resolving a name and resolving it again after a refusal.</summary>
    public static readonly TimeSpan LookUpAfterRefusalInterval = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan _noBufferWait = TimeSpan.FromMilliseconds(10);

    private long _lookedUpAt;
    private volatile bool _lookUpAgain;

    private void LookUpSoon()
    {
        _lookUpAgain = true;
        _wake.Set();
    }

    private void LookUpAfterRefusal()
    {
        if (_address.Literal is null && _time.GetElapsedTime(_lookedUpAt) > LookUpAfterRefusalInterval)
        {
            _lookedUpAt = _time.GetTimestamp();
            LookUpSoon();
        }
    }

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        Backoff backoff = new(Random.Shared);
        bool first = true;
        _wake.Set();
        while (!cancellationToken.IsCancellationRequested)
        {
            await _wake.WaitAsync();
            try
            {
                while (Volatile.Read(ref _workerSends))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    if (_socket is not null)
                    {
                        if (await PushAsync(cancellationToken))
                        {
                            backoff.Reset();
                        }

                        continue;
                    }

                    // A socket can be created where nothing can be sent (a firewall, a dead neighbor): do not retry without a pause.
                    if (!first)
                    {
                        await Task.Delay(backoff.Next(), _time, cancellationToken);
                    }

                    first = false;
                    await ConnectAsync(cancellationToken);
                }

                if (_lookUpAgain)
                {
                    _lookUpAgain = false;
                    await LookUpAgainAsync(cancellationToken);
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>Sends what is queued at the kernel's pace; true if something was sent or nothing is left.</summary>
    private async Task<bool> PushAsync(CancellationToken cancellationToken)
    {
        DatagramSocket socket;
        ReadOnlyMemory<byte> packet;
        lock (_gate)
        {
            if (SendQueued())
            {
                _workerSends = false;
                LogReady();
                return true;
            }

            if (_socket is null)
            {
                return false;
            }

            socket = _socket;
            packet = _queue.First;
        }

        try
        {
            await socket.SendWaitingAsync(packet, cancellationToken);
            lock (_gate)
            {
                _queue.Sent(1, packet.Length);
            }

            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            lock (_gate)
            {
                _queue.Refused();
                LookUpAfterRefusal();
            }
        }
        catch (SocketException)
        {
            // Usually no buffer space, which a socket cannot wait for. Other errors recur in SendQueued, which handles them.
            await Task.Delay(_noBufferWait, _time, cancellationToken);
        }

        return false;
    }

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<EndPoint> endPoints = [];
        try
        {
            endPoints = await _address.ResolveAsync(cancellationToken);
        }
        catch (SocketException e)
        {
            SayUnreachable(e);
        }

        foreach (EndPoint endPoint in endPoints)
        {
            if (TryConnect(endPoint))
            {
                return;
            }
        }
    }

    /// <summary>Resolves the collector's name again and follows it to a new address. Without an answer nothing changes.</summary>
    private async Task LookUpAgainAsync(CancellationToken cancellationToken)
    {
        try
        {
            IReadOnlyList<EndPoint> endPoints = await _address.ResolveAsync(cancellationToken);
            if (endPoints.Count > 0 && _socket is { } socket && !endPoints.Contains(socket.EndPoint) && TryConnect(endPoints[0]))
            {
                Log.UdpReady(_logger, Name, endPoints[0].ToString() ?? "");
            }
        }
        catch (SocketException e)
        {
            Log.UdpLookUpFailed(_logger, Name, e.Message);
        }
    }

    // Under the gate, after packets were sent: a socket alone does not prove that there is a route.
    private void LogReady()
    {
        _unreachable = false;
        if (_sayReady)
        {
            _sayReady = false;
            Log.UdpReady(_logger, Name, _socket!.EndPoint.ToString() ?? "");
        }
    }
}
