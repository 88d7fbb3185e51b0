using System.IO.Compression;
using HepBridge.Collector.Store;
using HepBridge.Collector.Web;
using HepBridge.Hep;

namespace HepBridge.EndToEndTests.Viewer;

/// <summary>
/// A real FreeSWITCH session as HEP3: its SIP, and the call logs, RTCP and quality reports from its events. Calls with
/// every kind of ending, one of them bad.
/// </summary>
internal static class SampleSession
{
    /// <summary>A call from 1000 to 1005 that lost every tenth inbound packet: the leg of 1000 is bad, the other is good.</summary>
    public const string BadCallId = "27ee1e46feb8";

    public static byte[] Read()
    {
        using FileStream file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Captures", "viewer-session.hep.gz"));
        using GZipStream unpacked = new(file, CompressionMode.Decompress);
        using MemoryStream whole = new();
        unpacked.CopyTo(whole);
        return whole.ToArray();
    }

    public static CallStore Store()
    {
        CallStore store = new();
        Feed(store, Read());
        return store;
    }

    public static void Feed(CallStore store, ReadOnlySpan<byte> stream)
    {
        while (!stream.IsEmpty)
        {
            Assert.Equal(HepFrame.Packet, HepStreamFramer.Next(stream, out int length));
            store.Add(stream[..length]);
            stream = stream[length..];
        }
    }

    public static Task<ViewerHost> HostAsync(CallStore store, bool allowImport = false, IStatusSource? status = null, string? token = null) => ViewerHost.StartAsync(
        new ViewerOptions { Endpoint = new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0), AllowImport = allowImport, Token = token },
        store,
        status,
        TestContext.Current.CancellationToken);
}
