using System.Net;
using HepBridge.Collector.Receiving;
using HepBridge.Hep;

namespace HepBridge.Commands.Record;

/// <summary>Records the HEP packets that arrive on a port: a stream of packets, one behind the other.</summary>
/// <remarks>The file is new and only readable by its owner (0600): SIP contains personal data.</remarks>
/// <exception cref="IOException">The file exists or cannot be created.</exception>
internal sealed class HepStreamRecording(string path) : IHepHandler, IDisposable
{
    private readonly FileStream _file = new(path, StreamRecorder.NewFile());

    public long Packets { get; private set; }
    public long Malformed { get; private set; }
    public long Length { get; private set; }

    /// <summary>Records until canceled.</summary>
    /// <exception cref="IOException">The port is not available.</exception>
    public async Task RunAsync(IPEndPoint listen, Action<IPEndPoint> started, CancellationToken cancellationToken)
    {
        await using HepListener listener = HepListener.Start(listen, this);
        started(listener.EndPoint);
        try
        {
            await listener.Completion.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The regular end.
        }
    }

    public void OnPacket(in HepPacket packet, ReadOnlySpan<byte> bytes, HepSender sender)
    {
        HepStreamFramer.Next(bytes, out int length);
        _file.Write(bytes[..length]);
        Packets++;
        Length += length;
    }

    public void OnMalformed(HepReject reason, ReadOnlySpan<byte> bytes, HepSender sender) => Malformed++;

    public void Dispose() => _file.Dispose();
}
