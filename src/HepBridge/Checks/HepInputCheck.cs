using System.Net.Sockets;
using HepBridge.Collector.Receiving;
using HepBridge.Configuration;
using HepBridge.FreeSwitch;

namespace HepBridge.Checks;

/// <summary>Checks that the port of a HEP input can be opened, or is in use by a running agent.</summary>
internal sealed class HepInputCheck(HepInputConfiguration configuration) : ICheck
{
    private const int WantedReceiveBuffer = 8 * 1_024 * 1_024;

    public string Subject => configuration.Identity;

    public Task RunAsync(CheckResults results, CancellationToken cancellationToken)
    {
        try
        {
            (Socket datagrams, Socket? connections) = HepSockets.Bind(configuration.Listen, configuration.Tcp);
            using (datagrams)
            using (connections)
            {
                int granted = ReceiveQueue.Enlarge(datagrams, WantedReceiveBuffer);
                results.Ok($"{configuration.Listen} can be opened, receive buffer {granted / 1024} KB");
            }
        }
        catch (IOException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse })
        {
            results.Warning($"{configuration.Listen} is in use", "fine if HepBridge is already running; else stop the other program ('ss -lntup' shows it), or choose another port");
        }
        catch (IOException e)
        {
            results.Error(e.Message, null);
        }

        return Task.CompletedTask;
    }
}
