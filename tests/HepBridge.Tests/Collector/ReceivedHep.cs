using System.Threading.Channels;
using HepBridge.Collector.Receiving;
using HepBridge.Hep;

namespace HepBridge.Tests.Collector;

/// <summary>Stores everything a listener receives, in order: a packet's bytes, or why bytes were rejected.</summary>
internal sealed class ReceivedHep : IHepHandler
{
    private readonly Channel<Item> _items = Channel.CreateUnbounded<Item>();

    public void OnPacket(in HepPacket packet, ReadOnlySpan<byte> bytes, HepSender sender) =>
        Assert.True(_items.Writer.TryWrite(new Item(bytes.ToArray(), HepReject.None, sender)));

    public void OnMalformed(HepReject reason, ReadOnlySpan<byte> bytes, HepSender sender) =>
        Assert.True(_items.Writer.TryWrite(new Item(bytes.ToArray(), reason, sender)));

    /// <summary>The next item; waits as long as the test may run.</summary>
    public async Task<Item> NextAsync() => await _items.Reader.ReadAsync(TestContext.Current.CancellationToken);

    internal sealed record Item(byte[] Bytes, HepReject Reason, HepSender Sender);
}
