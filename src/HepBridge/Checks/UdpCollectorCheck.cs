using System.Net;
using System.Net.Sockets;
using HepBridge.Configuration;
using HepBridge.Outputs;

namespace HepBridge.Checks;

/// <summary>Sends an empty datagram to a collector: UDP cannot confirm an open port, but a closed one answers by ICMP.</summary>
internal sealed class UdpCollectorCheck(HepServer server, TimeProvider time, TimeSpan timeout) : ICheck
{
    /// <summary>An ICMP answer arrives within a round trip.</summary>
    private static readonly TimeSpan _refusalTime = TimeSpan.FromSeconds(1);

    public string Subject => $"collector udp {server}";

    public async Task RunAsync(CheckResults results, CancellationToken cancellationToken)
    {
        if (!await NameCheck.RunAsync(server.Host, "HEP_SERVER", results, timeout, time, cancellationToken))
        {
            return;
        }

        try
        {
            EndPoint endPoint = (await new CollectorAddress(server).ResolveAsync(cancellationToken))[0];
            using Socket socket = new(endPoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            await socket.ConnectAsync(endPoint, cancellationToken);
            await socket.SendAsync(Array.Empty<byte>(), SocketFlags.None, cancellationToken);
            using CancellationTokenSource limit = new(_refusalTime, time);
            using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            await socket.ReceiveAsync(new byte[1], SocketFlags.None, both.Token);
            results.Warning($"{server} answered, which collectors never do", "check whether another service uses HEP_PORT");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            results.Ok("no refusal, which is all UDP can show: check whether the reports arrive in Homer");
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionRefused or SocketError.ConnectionReset)
        {
            results.Error($"nothing listens on UDP port {server.Port} of {server.Host}", "start the collector, or correct HEP_SERVER and HEP_PORT");
        }
        catch (SocketException e)
        {
            results.Error($"{server} can't be sent to: {e.Message}", "look at the routes and firewalls to it");
        }
    }
}
