using System.Net;
using System.Net.Sockets;
using HepBridge.FreeSwitch.Multicast;

namespace HepBridge.Replay;

/// <summary>Plays a recording to a group at the recorded pace. Skips log lines, which mod_event_multicast never sends.</summary>
/// <exception cref="RecordingException">The recording contains JSON.</exception>
internal sealed class MulticastReplay(Recording recording, PlaybackOptions options, MulticastSender sender, TimeProvider time)
{
    private readonly byte[] _frame = recording.IsJson
        ? throw new RecordingException("it contains JSON events, but mod_event_multicast sends plain ones: record with 'event plain'.")
        : new byte[recording.Frames.Max(static frame => frame.Length)];

    /// <summary>Plays until the end or until canceled.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The network rejected a datagram.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        do
        {
            Playback playback = new(recording, options, time);
            for (int i = playback.First; i < recording.Frames.Count; i++)
            {
                await playback.WaitAsync(i, cancellationToken);
                cancellationToken.ThrowIfCancellationRequested();
                RecordedFrame frame = recording.Frames[i];
                if (!frame.IsLog)
                {
                    playback.Copy(frame, _frame);
                    sender.Send(_frame.AsSpan(frame.HeaderLength, frame.BodyLength));
                }
            }
        }
        while (options.Loop);
    }
}

/// <summary>Sends events like mod_event_multicast: one datagram each, from and to the same port.</summary>
internal sealed class MulticastSender : IDisposable
{
    private readonly Socket _socket;
    private readonly SocketAddress _to;
    private readonly MulticastDatagramWriter _writer;
    private readonly byte[] _datagram = new byte[MulticastDatagram.MaxLength];

    /// <exception cref="SocketException">The interface does not exist, or there is no route to the group.</exception>
    /// <exception cref="ArgumentException">The psk is invalid.</exception>
    public MulticastSender(MulticastSenderOptions options)
    {
        PskCipher? cipher = options.Psk is { } psk ? new PskCipher(System.Text.Encoding.UTF8.GetBytes(psk)) : null;
        _writer = new MulticastDatagramWriter(options.SenderName, cipher);
        AddressFamily family = options.Group.Address.AddressFamily;
        _to = options.Group.Serialize();
        _socket = new Socket(family, SocketType.Dgram, ProtocolType.Udp) { SendBufferSize = 4 * 1024 * 1024 };
        try
        {
            bool ipv6 = family == AddressFamily.InterNetworkV6;
            SocketOptionLevel level = ipv6 ? SocketOptionLevel.IPv6 : SocketOptionLevel.IP;
            _socket.SetSocketOption(level, SocketOptionName.MulticastTimeToLive, options.TimeToLive);
            _socket.SetSocketOption(level, SocketOptionName.MulticastLoopback, options.Loopback);
            if (options.Interface is { } name)
            {
                int index = NetworkLink.Find(name)?.Index
                    ?? throw new SocketException((int)SocketError.AddressNotAvailable, $"there is no interface {name} on this host");
                _socket.SetSocketOption(level, SocketOptionName.MulticastInterface, ipv6 ? index : IPAddress.HostToNetworkOrder(index));
            }
        }
        catch
        {
            _socket.Dispose();
            throw;
        }
    }

    public long Sent { get; private set; }
    public long TooLarge { get; private set; }

    /// <summary>Sends one event in plain serialization.</summary>
    /// <exception cref="SocketException">The network rejected it.</exception>
    public void Send(ReadOnlySpan<byte> plain)
    {
        if (!_writer.TryWrite(plain, Guid.NewGuid(), _datagram, out int length))
        {
            TooLarge++;
            return;
        }

        _socket.SendTo(_datagram.AsSpan(0, length), SocketFlags.None, _to);
        Sent++;
    }

    public void Dispose() => _socket.Dispose();
}

/// <summary>How events are sent to a group, with the defaults of mod_event_multicast.</summary>
internal sealed record MulticastSenderOptions
{
    /// <summary>The group (or a host) and the port.</summary>
    public IPEndPoint Group { get; init; } = new(new IPAddress([225, 1, 1, 1]), 4242);

    /// <summary>The interface's name, or one of its addresses; null: by the system's routes.</summary>
    public string? Interface { get; init; }

    /// <summary>The psk; null: plaintext.</summary>
    public string? Psk { get; init; }

    /// <summary>How many routers a datagram may pass, plus one.</summary>
    public int TimeToLive { get; init; } = 1;

    /// <summary>Whether receivers on this host also get it.</summary>
    public bool Loopback { get; init; }

    /// <summary><c>Multicast-Sender</c> for events that have none; empty: none is added.</summary>
    public string SenderName { get; init; } = "";
}
