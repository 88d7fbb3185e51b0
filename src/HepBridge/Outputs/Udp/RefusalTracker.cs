using System.Net.Sockets;
using HepBridge.Diagnostics;
using Microsoft.Extensions.Logging;

namespace HepBridge.Outputs.Udp;

/// <summary>
/// What a collector's host has answered: ICMP "port unreachable", the only thing that UDP is ever told. It arrives as an error of a later packet, and
/// makes the collector unhealthy for a while. Used under the output's gate.
/// </summary>
internal sealed class RefusalTracker(string output, ILogger logger, TimeProvider time)
{
    /// <summary>How long a refusal makes the collector unhealthy at least.</summary>
    public static readonly TimeSpan Hold = TimeSpan.FromSeconds(5);

    /// <summary>How long a probe's refusal may take to come.</summary>
    public static readonly TimeSpan ProbeWait = TimeSpan.FromSeconds(1);

    private long _count;
    private long _refusedAt;
    private long _probedAt;

    /// <summary>How often the collector's host has refused.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>Whether it has refused, and nothing has shown since that it does so no more.</summary>
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

    /// <summary>The kernel took packets without an error: after some time that means that the port is open again.</summary>
    public void NoteSent()
    {
        if (IsRefused && time.GetElapsedTime(_refusedAt) > Hold)
        {
            Accept();
        }
    }

    /// <summary>Tries with a packet whether the port is open again, at most once each <see cref="Hold"/>; true if it was sent.</summary>
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

            // An answer to an earlier packet would stop this one.
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
