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
        bool isOpen = false;
        try
        {
            connection = new EslConnection(socket, maxFrame, tap, waiting);
            outcome = await EslLogin.RunAsync(connection, endpoint, timeout, time, cancellationToken);
            isOpen = outcome.IsSuccess;
            return (isOpen ? connection : null, outcome);
        }
        catch (SocketException e)
        {
            return (null, EslMessages.Broken(endpoint, e.Message));
        }
        finally
        {
            if (!isOpen)
            {
                connection?.Dispose();
                socket.Dispose();
            }
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

/// <summary>The start of a connection: the switch greets with <c>auth/request</c>, the client sends its password.</summary>
public static class EslLogin
{
    /// <summary>Logs in within <paramref name="timeout"/>. Every failure is an outcome; only cancellation throws.</summary>
    public static async Task<EslOutcome> RunAsync(
        EslConnection connection, EslEndpoint endpoint, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(endpoint);
        string command = endpoint.User is null ? $"auth {endpoint.Password}" : $"userauth {endpoint.User}:{endpoint.Password}";
        if (!EslCommand.IsOneLine(command))
        {
            return EslMessages.BadPassword(endpoint);
        }

        using CancellationTokenSource limit = new(timeout, time);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        bool greeted = false;
        try
        {
            EslReply greeting = await EslReply.ReceiveAsync(connection, both.Token);
            if (greeting.ContentType != EslContentType.AuthRequest)
            {
                return Unexpected(connection, endpoint, greeting, greeted: false);
            }

            greeted = true;
            await connection.SendAsync(command, both.Token);
            EslReply reply = await EslReply.ReceiveAsync(connection, both.Token);
            return reply.ContentType != EslContentType.CommandReply ? Unexpected(connection, endpoint, reply, greeted)
                : reply.IsError ? EslMessages.WrongPassword(endpoint)
                : EslOutcome.Success;
        }
        catch (SocketException e)
        {
            return EslMessages.Broken(endpoint, e.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return greeted ? EslMessages.NoReply(endpoint, command, timeout) : EslMessages.NoGreeting(endpoint, timeout);
        }
    }

    private static EslOutcome Unexpected(EslConnection connection, EslEndpoint endpoint, EslReply reply, bool greeted) => reply.ContentType switch
    {
        EslContentType.RudeRejection => EslMessages.Rejected(endpoint),
        EslContentType.DisconnectNotice => EslMessages.DisconnectNotice(endpoint),
        null when connection.Error != EslFrameError.None => EslMessages.NotAnEventSocket(endpoint, EslMessages.Describe(connection.Error)),
        null when greeted => EslMessages.Closed(endpoint, connection.HasPartialFrame),
        null => EslMessages.NotAnEventSocket(endpoint, "it closed the connection without a greeting"),
        _ => EslMessages.NotAnEventSocket(endpoint, greeted ? "it didn't answer the login" : "it doesn't ask for a login"),
    };
}

/// <summary>Address and login of a switch's event socket.</summary>
/// <param name="Server">Host name, IPv4 or IPv6 address.</param>
/// <param name="Port">TCP port, 8021 unless changed in event_socket.conf.xml.</param>
/// <param name="User"><c>user@domain</c> of the switch's directory for <c>userauth</c>; null for <c>auth</c> with the module's own password.</param>
/// <param name="Password">A secret.</param>
public sealed record EslEndpoint(string Server, int Port, string? User, string Password)
{
    /// <summary><c>server:port</c>, for messages.</summary>
    public override string ToString() => Server.Contains(':', StringComparison.Ordinal) ? $"[{Server.Trim('[', ']')}]:{Port}" : $"{Server}:{Port}";
}
