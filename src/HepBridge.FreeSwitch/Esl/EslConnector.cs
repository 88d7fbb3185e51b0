using System.Net;
using System.Net.Sockets;

namespace HepBridge.FreeSwitch.Esl;

/// <summary>Resolves a switch's name and connects to the first address that accepts.</summary>
public static class EslConnector
{
    /// <summary>Connects and logs in; null with the reason on failure. <paramref name="timeout"/> applies to each address and to the login.</summary>
    /// <param name="endpoint">The switch.</param>
    /// <param name="timeout">Longest wait for each step.</param>
    /// <param name="time">Clock of the timeouts.</param>
    /// <param name="cancellationToken">Cancellation throws.</param>
    /// <param name="maxFrame">Largest frame to accept, in bytes.</param>
    /// <param name="tap">Sees all bytes received, including the greeting.</param>
    /// <param name="waiting">How the connection waits for data.</param>
    public static async Task<(EslConnection? Connection, EslOutcome Outcome)> OpenAsync(
        EslEndpoint endpoint, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken,
        int maxFrame = EslFrameReader.DefaultMaxFrame, Action<ReadOnlyMemory<byte>>? tap = null, EslWaiting waiting = EslWaiting.ThreadPool)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        (Socket? socket, EslOutcome outcome) = await ConnectAsync(endpoint, timeout, time, cancellationToken);
        if (socket is null)
        {
            return (null, outcome);
        }

        EslConnection? connection = null;
        try
        {
            connection = new EslConnection(socket, maxFrame, tap, waiting);
            outcome = await EslLogin.RunAsync(connection, endpoint, timeout, time, cancellationToken);
            if (outcome.IsSuccess)
            {
                EslConnection opened = connection;
                connection = null;
                socket = null;
                return (opened, outcome);
            }

            return (null, outcome);
        }
        catch (SocketException e)
        {
            return (null, EslMessages.Broken(endpoint, e.Message));
        }
        finally
        {
            connection?.Dispose();
            socket?.Dispose();
        }
    }

    private static async Task<(Socket? Socket, EslOutcome Outcome)> ConnectAsync(
        EslEndpoint endpoint, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        IPAddress[] addresses;
        using CancellationTokenSource lookup = new(timeout, time);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(lookup.Token, cancellationToken);
        try
        {
            addresses = IPAddress.TryParse(endpoint.Server, out IPAddress? literal)
                ? [literal]
                : await Dns.GetHostAddressesAsync(endpoint.Server, both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, EslMessages.NameNotResolved(endpoint, "the resolver didn't answer in time"));
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            return (null, EslMessages.NameNotResolved(endpoint, e.Message));
        }

        string why = "it has no address";
        foreach (IPAddress found in addresses)
        {
            // An IPv6 socket rejects IPv4-mapped addresses.
            IPAddress address = found.IsIPv4MappedToIPv6 ? found.MapToIPv4() : found;
            (Socket? socket, string problem) = await ConnectAsync(new IPEndPoint(address, endpoint.Port), timeout, time, cancellationToken);
            if (socket is not null)
            {
                return (socket, EslOutcome.Success);
            }

            why = addresses.Length == 1 ? problem : $"{address}: {problem}";
        }

        return (null, EslMessages.CannotConnect(endpoint, why));
    }

    private static async Task<(Socket? Socket, string Problem)> ConnectAsync(
        IPEndPoint address, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(timeout, time);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        Socket? socket = null;
        try
        {
            socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            await ConnectAsync(socket, address, both.Token);
            Socket connected = socket;
            socket = null;
            return (connected, "");
        }
        catch (SocketException e)
        {
            return (null, e.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, $"no answer in {timeout.TotalSeconds:0.#} s");
        }
        finally
        {
            socket?.Dispose();
        }
    }

    // On a thread, not ConnectAsync: that would register the socket with the runtime's socket thread for good.
    private static async Task ConnectAsync(Socket socket, IPEndPoint address, CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration giveUp = cancellationToken.UnsafeRegister(static s => ((Socket)s!).Dispose(), socket);
        try
        {
            await Task.Factory.StartNew(
                () => socket.Connect(address), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        catch (Exception e) when (cancellationToken.IsCancellationRequested && (e is SocketException or ObjectDisposedException))
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }
}
