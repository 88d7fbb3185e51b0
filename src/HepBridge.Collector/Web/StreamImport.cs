using System.Buffers;
using System.IO.Pipelines;
using HepBridge.Collector.Store;
using HepBridge.Hep;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace HepBridge.Collector.Web;

/// <summary>Imports a HEP3 stream file: packets back to back, as in an export, a spool or a TCP connection.</summary>
internal sealed class StreamImport(CallStore store, bool allowed)
{
    private const long MaxBytes = 256 << 20;

    // A browser asks before it sends a custom header across origins, and this host never agrees.
    private const string RequiredHeader = "X-HepBridge";

    public async Task RunAsync(HttpContext context)
    {
        if (!allowed || !context.Request.Headers.ContainsKey(RequiredHeader))
        {
            string reason = allowed ? $"An import needs the header {RequiredHeader}." : "Import is off here.";
            await ReplyAsync(context, StatusCodes.Status403Forbidden, new ImportReply(0, 0, reason));
            return;
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = MaxBytes;
        }

        (long kept, long refused, string? error) = await ReadAsync(context.Request.BodyReader, context.RequestAborted);
        await ReplyAsync(context, error is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest, new ImportReply(kept, refused, error));
    }

    /// <summary>
    /// Reads packets until the stream ends or contains something else. Returns how many were stored, how many the store
    /// rejected, and what is wrong.
    /// </summary>
    internal async Task<(long Kept, long Refused, string? Error)> ReadAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        byte[] packet = new byte[HepEncoder.MaxPacketLength];
        long kept = 0, refused = 0, position = 0, arrival = 0;
        while (true)
        {
            ReadResult result = await reader.ReadAsync(cancellationToken);
            ReadOnlySequence<byte> buffer = result.Buffer;
            while (TryCut(ref buffer, packet, out int length, out bool broken))
            {
                if (broken)
                {
                    return (kept, refused, $"No HEP3 packet starts at byte {position}: everything before it was imported, the rest was not.");
                }

                position += length;
                bool taken = store.Add(packet.AsSpan(0, length), ref arrival);
                kept += taken ? 1 : 0;
                refused += taken ? 0 : 1;
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted)
            {
                return (kept, refused, buffer.IsEmpty ? null : $"The file ends inside the packet that starts at byte {position}: it was cut off.");
            }
        }
    }

    private static bool TryCut(ref ReadOnlySequence<byte> buffer, byte[] packet, out int length, out bool broken)
    {
        Span<byte> preamble = stackalloc byte[HepStreamFramer.PreambleLength];
        int there = (int)Math.Min(preamble.Length, buffer.Length);
        buffer.Slice(0, there).CopyTo(preamble);
        HepFrame frame = HepStreamFramer.Next(preamble[..there], out length);
        broken = frame is HepFrame.NotHep or HepFrame.BadLength;
        if (broken)
        {
            return true;
        }

        if (length == 0 || buffer.Length < length)
        {
            return false;
        }

        buffer.Slice(0, length).CopyTo(packet);
        buffer = buffer.Slice(length);
        return true;
    }

    private static Task ReplyAsync(HttpContext context, int code, ImportReply reply)
    {
        context.Response.StatusCode = code;
        return context.Response.WriteAsJsonAsync(reply, ViewerJson.Default.ImportReply, cancellationToken: context.RequestAborted);
    }
}
