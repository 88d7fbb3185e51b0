using System.Net;
using System.Net.Sockets;
using HepBridge.FreeSwitch;
using HepBridge.FreeSwitch.Multicast;

namespace HepBridge.Tests.Multicast;

public sealed class DatagramReaderTests : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly List<byte[]> _datagrams = MulticastCaptures.Datagrams("plain");

    public DatagramReaderTests()
    {
        _socket.ReceiveBufferSize = 4 * 1024 * 1024;
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
    }

    public static TheoryData<bool> Ways => OperatingSystem.IsLinux() ? [true, false] : [false];

    public void Dispose() => _socket.Dispose();

    [Theory]
    [MemberData(nameof(Ways))]
    public void Both_readers_give_the_same_datagrams(bool linux)
    {
        DatagramReader reader = linux ? new LinuxDatagramReader(_socket) : new PortableDatagramReader(_socket);
        Send(40);
        List<byte[]> read = [];
        while (read.Count < 40)
        {
            SocketWait.UntilReadable(_socket, TestContext.Current.CancellationToken);
            int count = reader.Read();
            Assert.InRange(count, 1, DatagramReader.Capacity);
            for (int i = 0; i < count; i++)
            {
                read.Add(reader.Buffer[(i * DatagramReader.SlotLength)..((i * DatagramReader.SlotLength) + reader.Length(i))]);
                Assert.Equal("127.0.0.1", reader.Sender(i).ToString());
            }
        }

        Assert.Equal(_datagrams[..40], read);
        Assert.Equal(0, reader.Read());
    }

    [Fact]
    public void A_plain_datagram_allocates_nothing_from_socket_to_event()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "recvmmsg is Linux's");
        LinuxDatagramReader reader = new(_socket);
        MulticastBatch batch = new(reader.Buffer, DatagramReader.Capacity);
        CountingHandler handler = new();
        DatagramFilter filter = new(new SenderFilter([IPNetwork.Parse("127.0.0.0/8")]), null, handler, new MulticastCounters());
        Read();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Send(32);
        long sending = GC.GetAllocatedBytesForCurrentThread() - before;
        before += sending;
        Read(alreadySent: true);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(64, handler.Events);

        void Read(bool alreadySent = false)
        {
            if (!alreadySent)
            {
                Send(32);
            }

            filter.Filter(reader, batch, reader.Read());
        }
    }

    private void Send(int count) => MulticastReceiverTests.Send("127.0.0.1", ((IPEndPoint)_socket.LocalEndPoint!).Port, _datagrams.Take(count));

    private sealed class CountingHandler : IMulticastHandler
    {
        public int Events { get; private set; }

        public void OnBatch(MulticastBatch batch) => Events += batch.Count;

        public void OnRejected(DatagramReject reason, SenderAddress sender) => Assert.Fail($"{reason}");

        public void OnListener(MulticastListenerStatus status) => Assert.Fail($"{status}");
    }
}
