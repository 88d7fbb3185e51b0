using System.Net;
using System.Net.Sockets;
using HepBridge.Diagnostics;

namespace HepBridge.Outputs.Udp;

/// <content>The worker: finds the collector's address, and sends at the kernel's pace what could not be sent at once.</content>
internal sealed partial class UdpOutput
{
    /// <summary>How often a collector's name is looked up again: whoever moves away without a refusal is followed too.</summary>
    public static readonly TimeSpan LookUpInterval = TimeSpan.FromSeconds(60);

    /// <summary>How long after a look-up a refusal makes the next one.</summary>
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
        BackOff backOff = new(Random.Shared);
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
                            backOff.Reset();
                        }

                        continue;
                    }

                    // A socket can be made where nothing can be sent (a firewall, a dead neighbour): that must not be tried without a pause.
                    if (!first)
                    {
                        await Task.Delay(backOff.Next(), _time, cancellationToken);
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

    /// <summary>Sends what waits, at the kernel's pace; true when something went, or nothing is left.</summary>
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
            // Mostly no buffer space, for which a socket can't wait. Other errors come again in SendQueued, and are dealt with there.
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

    /// <summary>A collector may have moved: its name is looked up again, and the socket follows it. Without an answer everything stays as it is.</summary>
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

    // Under the gate, after packets have gone: a socket alone doesn't show that there is a way.
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
