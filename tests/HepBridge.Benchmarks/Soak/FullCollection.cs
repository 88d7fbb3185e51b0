using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;

namespace HepBridge.Benchmarks.Soak;

/// <summary>
/// Makes another process collect all its garbage, like a heap dump does first. The agent allocates so little that
/// minutes pass between two of its own collections, and hours between two full ones: until then, unreachable memory
/// looks like a leak.
/// </summary>
internal static class FullCollection
{
    // GCHeapCollectKeyword of the runtime's own provider (ClrEtwAll.man).
    private const long HeapCollect = 0x80_0000;

    public static async Task RunAsync(int processId, CancellationToken cancellationToken)
    {
        EventPipeProvider provider = new("Microsoft-Windows-DotNETRuntime", EventLevel.Informational, HeapCollect);
        using EventPipeSession session = await new DiagnosticsClient(processId).StartEventPipeSessionAsync([provider], requestRundown: false, circularBufferMB: 1, cancellationToken);
        await session.StopAsync(cancellationToken);
        await session.EventStream.CopyToAsync(Stream.Null, cancellationToken);
    }
}
