using System.Net.Sockets;
using HepBridge.Diagnostics;
using Microsoft.Extensions.Logging;

namespace HepBridge.Outputs.Udp;

/// <summary>
/// Tracks ICMP "port unreachable" from a collector's host, the only feedback UDP gives. It arrives as an error of a later packet, and
/// makes the collector unhealthy for a while. Requires the output's gate.
/// </summary>
internal sealed class RefusalTracker(string output, ILogger logger, TimeProvider time)
{
    /// <summary>Shortest time for which a refusal makes the collector unhealthy.</summary>
    public static readonly TimeSpan Hold = TimeSpan.FromSeconds(5);

    /// <summary>How long a probe's refusal may take to arrive.</summary>
    public static readonly TimeSpan ProbeWait = TimeSpan.FromSeconds(1);

    private long _count;
    private long _refusedAt;
    private long _probedAt;

    public long Count => Volatile.Read(ref _count);

    /// <summary>Whether the last sign from the collector's host was a refusal.</summary>
    public bool IsRefused { get; private set; }

    public void Note()
    {
        Interlocked.Increment(ref _count);
        _refusedAt = time.GetTimestamp();
        if (!IsRefused)
        {
            IsRefused = true;
            Log.UdpRefused(logger, output);
        }
    }

    /// <summary>The kernel accepted packets without an error: after some time this means that the port is open again.</summary>
    public void NoteSent()
    {
        if (IsRefused && time.GetElapsedTime(_refusedAt) > Hold)
        {
            Accept();
        }
    }

    /// <summary>Probes with a packet whether the port is open again, at most once per <see cref="Hold"/>; true if it was sent.</summary>
    public bool Probe(DatagramSocket socket, ReadOnlySpan<byte> packet)
    {
        if (!IsRefused)
        {
            return false;
        }

        if (_probedAt == 0)
        {
            if (time.GetElapsedTime(_refusedAt) <= Hold)
            {
                return false;
            }

            // A refusal of an earlier packet would fail this one.
            socket.TakeError();
            if (socket.Send(packet, out _).Count == 0)
            {
                return false;
            }

            _probedAt = time.GetTimestamp();
            return true;
        }

        if (socket.TakeError() != SocketError.Success)
        {
            _probedAt = 0;
            Note();
        }
        else if (time.GetElapsedTime(_probedAt) > ProbeWait)
        {
            Accept();
        }

        return false;
    }

    private void Accept()
    {
        IsRefused = false;
        _probedAt = 0;
        Log.UdpAccepted(logger, output, Count);
    }
}
