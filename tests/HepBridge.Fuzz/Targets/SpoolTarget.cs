using HepBridge.Configuration;
using HepBridge.Fuzz.Corpora;
using HepBridge.Fuzz.Mutations;
using HepBridge.Hep;
using HepBridge.Outputs;
using HepBridge.Outputs.Spooling;
using Microsoft.Extensions.Logging.Abstractions;

namespace HepBridge.Fuzz.Targets;

/// <summary>
/// A spool's directory after a crash: the first 16 bytes are its progress file, the rest one or two segments. It is
/// recovered and read to the end: only whole packets come out, everything found is counted once, and no file remains.
/// </summary>
internal sealed class SpoolTarget() : FuzzTarget("spool", "a spool's files after a crash: recovery and reading")
{
    private const int ProgressLength = 16;

    // Many small files: in memory if possible.
    private static readonly DirectoryInfo _memory = new("/dev/shm");
    private readonly byte[] _buffer = new byte[128 * 1024];

    public override IReadOnlyList<byte[]> Corpus { get; } = [.. HepPackets.Streams.Take(20).Select((stream, index) => (byte[])[.. Progress(index % 3, 0), .. stream])];

    protected override IEnumerable<Mutation> OwnMutations => HepMutations.All;

    public override void Make(Mutant mutant, Dice dice)
    {
        base.Make(mutant, dice);
        if (dice.OneIn(2) && mutant.Length > ProgressLength)
        {
            long[] offsets = [0, 1, 5, 6, -1, long.MinValue, long.MaxValue, mutant.Length - ProgressLength, dice.Next(mutant.Length)];
            long[] sequences = [0, 1, 2, 3, -1, long.MaxValue, long.MaxValue - 1, 999_999_999_999];
            mutant.Replace(0, ProgressLength, Progress(dice.Pick(sequences), dice.Pick(offsets)));
        }
    }

    public override Outcome Run(byte[] input)
    {
        string path = Path.Combine(_memory.Exists ? _memory.FullName : Path.GetTempPath(), $"hepbridge-fuzz-{Environment.ProcessId}");
        Directory.CreateDirectory(path);
        try
        {
            return Run(path, input);
        }
        finally
        {
            Directory.Delete(path, recursive: true);
        }
    }

    private Outcome Run(string path, byte[] input)
    {
        int progress = Math.Min(input.Length, ProgressLength);
        byte[] stream = input[progress..];
        int second = input.Length % 2 == 0 ? stream.Length : stream.Length / 2;
        File.WriteAllBytes(Path.Combine(path, "progress"), input[..progress]);
        File.WriteAllBytes(Path.Combine(path, "000000000001.hep3"), stream[..second]);
        if (second < stream.Length)
        {
            File.WriteAllBytes(Path.Combine(path, "000000000002.hep3"), stream[second..]);
        }

        OutputCounters counters = new();
        using Spool spool = Spool.Open(new SpoolConfiguration { Path = path, MaxAge = TimeSpan.FromDays(365 * 100) }, counters, NullLogger.Instance, TimeProvider.System);
        spool.Recover(CancellationToken.None);
        Rule.Holds(IsConserved(counters, 0));

        // A new packet is appended after the recovered ones.
        byte[] own = HepPackets.All[0];
        counters.AddOffered();
        Rule.Holds(spool.TryAppend(own, 1, out _));
        counters.AddSpooled(1);
        long read = 0;
        bool ownCame = false;
        int count;
        while ((count = spool.Read(_buffer)) > 0)
        {
            int packets = 0;
            int at = 0;
            while (HepStreamFramer.Next(_buffer.AsSpan(at, count - at), out int length) == HepFrame.Packet)
            {
                ownCame = _buffer.AsSpan(at, length).SequenceEqual(own);
                at += length;
                packets++;
            }

            Rule.Holds(at == count);
            spool.Commit();
            counters.AddSpooled(-packets);
            counters.AddSent(packets, count);
            read += packets;
            Rule.Holds(IsConserved(counters, 0));
            Rule.Holds(read < 1_000_000);
        }

        Rule.Holds(ownCame);
        Rule.Holds(counters.Spooled == 0 && spool.Bytes == 0);
        Rule.Holds(Directory.GetFiles(path, "*.hep3").Length == 0);
        return counters.Recovered > 0 ? Outcome.Taken($"torn {counters.Dropped(DropReason.SpoolTorn)}") : Outcome.Refused("nothing found");
    }

    private static bool IsConserved(OutputCounters counters, long queued) =>
        counters.Offered + counters.Recovered == counters.Sent + counters.DroppedTotal + queued + counters.Spooled;

    private static byte[] Progress(long sequence, long offset) => [.. BitConverter.GetBytes(sequence), .. BitConverter.GetBytes(offset)];
}
