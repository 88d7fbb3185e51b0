using System.Net;
using System.Net.Sockets;
using HepBridge.FreeSwitch;

namespace HepBridge.Tests.Esl;

public sealed class SocketWaitTests
{
    [Fact]
    public async Task A_wait_on_a_connection_ends_when_canceled()
    {
        (Socket here, Socket there) = await ConnectedAsync();
        using (here)
        using (there)
        {
            await AssertEndsAsync(here);
        }
    }

    [Fact]
    public async Task A_wait_for_datagrams_ends_when_canceled()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await AssertEndsAsync(socket);
    }

    [Fact]
    public async Task Data_received_before_the_wake_can_still_be_read()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using Socket sender = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await sender.SendToAsync(new byte[] { 7 }, socket.LocalEndPoint!, TestContext.Current.CancellationToken);
        SocketWait.UntilReadable(socket, TestContext.Current.CancellationToken);
        SocketWait.Wake(socket);
        byte[] read = new byte[10];
        Assert.Equal(1, socket.Receive(read));
        Assert.Equal(7, read[0]);
    }

    [Fact]
    public async Task The_end_of_a_connection_makes_it_readable()
    {
        (Socket here, Socket there) = await ConnectedAsync();
        using (here)
        {
            there.Dispose();
            SocketWait.UntilReadable(here, TestContext.Current.CancellationToken);
            Assert.Equal(0, here.Receive(new byte[10]));
            SocketWait.Wake(here);
        }
    }

    private static async Task AssertEndsAsync(Socket socket)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Task waiting = Task.Factory.StartNew(
            () =>
            {
                // A woken socket remains readable: the reader has to check whether there is more to do.
                SocketWait.UntilReadable(socket, stop.Token);
                stop.Token.ThrowIfCancellationRequested();
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Assert.False(waiting.IsCompleted);
        await stop.CancelAsync();
        SocketWait.Wake(socket);
        await Assert.ThrowsAsync<OperationCanceledException>(() => waiting);
    }

    private static async Task<(Socket Here, Socket There)> ConnectedAsync()
    {
        using Socket listening = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listening.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listening.Listen();
        Socket here = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await here.ConnectAsync(listening.LocalEndPoint!, TestContext.Current.CancellationToken);
        return (here, await listening.AcceptAsync(TestContext.Current.CancellationToken));
    }
}
