using HepBridge.Configuration;
using HepBridge.Outputs;
using HepBridge.Outputs.Spooling;

namespace HepBridge.Tests.Outputs.Spooling;

public sealed class SpoolTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), "hepbridge-" + Path.GetRandomFileName());
    private readonly KeptLog _log = new();
    private OutputCounters _counters = new();

    [Fact]
    public void Packets_come_out_in_order_over_many_files_which_are_then_deleted()
    {
        using Spool spool = Open(maxBytes: 16 << 20);
        Append(spool, 0, 20_000, payload: 300);
        Assert.True(Files().Length > 3);
        Assert.Equal(Enumerable.Range(0, 20_000), ReadAll(spool));
        Assert.Empty(Files());
        Assert.Equal(0, _counters.Spooled);
    }

    [Fact]
    public void A_file_is_a_plain_packet_stream_readable_only_by_its_owner()
    {
        using Spool spool = Open();
        Append(spool, 0, 3);
        byte[] expected = [.. TestPackets.Make(0, 100, null, Now()), .. TestPackets.Make(1, 100, null, Now()), .. TestPackets.Make(2, 100, null, Now())];
        using FileStream file = new(Assert.Single(Files()), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        Assert.Equal(expected.Length, bytes.Length);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Files()[0]));
        }
    }

    [Fact]
    public void Unsent_packets_are_recovered_and_sent_ones_are_not()
    {
        using (Spool spool = Open())
        {
            Append(spool, 0, 1000);
            spool.Read(new byte[65_536]);
            spool.Commit();
        }

        _counters = new OutputCounters();
        using Spool again = Open();
        again.Recover(default);
        int[] rest = ReadAll(again);
        Assert.Equal(Enumerable.Range(rest[0], 1000 - rest[0]), rest);
        Assert.InRange(rest[0], 200, 400);
        Assert.Equal(rest.Length, _counters.Recovered);
        Assert.Contains($"sending {rest.Length} packets", _log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_torn_last_packet_is_cut_off_and_counted_wherever_it_ends()
    {
        byte[] last = TestPackets.Make(2, 100, null, Now());
        for (int kept = 1; kept < last.Length; kept++)
        {
            using (Spool spool = Open())
            {
                Append(spool, 0, 2);
            }

            string file = Assert.Single(Files());
            using (FileStream stream = new(file, FileMode.Append))
            {
                stream.Write(last.AsSpan(0, kept));
            }

            _counters = new OutputCounters();
            using Spool again = Open();
            again.Recover(default);
            Assert.Equal([0, 1], ReadAll(again));
            Assert.Equal(1, _counters.Dropped(DropReason.SpoolTorn));
            _counters.AddSent(2, 0);
            ConservationLaw.AssertHolds(_counters);
        }
    }

    [Fact]
    public void Expired_packets_are_dropped_when_read()
    {
        using Spool spool = Open();
        byte[] old = TestPackets.Make(1, 100, null, Now() - 7200);
        Assert.True(spool.TryAppend(old, 1, out _));
        _counters.AddSpooled(1);
        Append(spool, 2, 3);
        Assert.Equal([2, 3, 4], ReadAll(spool));
        Assert.Equal(1, _counters.Dropped(DropReason.SpoolExpired));
        Assert.Equal(0, _counters.Spooled);
    }

    [Fact]
    public void A_full_spool_logs_once_and_accepts_packets_again_when_there_is_room()
    {
        byte[] packet = TestPackets.Make(1, 1000, null, Now());
        using Spool spool = Open(maxBytes: packet.Length * 10);
        for (int i = 0; i < 10; i++)
        {
            Assert.True(spool.TryAppend(packet, 1, out _));
        }

        Assert.False(spool.TryAppend(packet, 1, out _));
        Assert.False(spool.TryAppend(packet, 1, out _));
        Assert.True(spool.Refuses);
        Assert.Single(_log.Lines, line => line.Contains("max_bytes", StringComparison.Ordinal));
        spool.Read(new byte[65_536]);
        spool.Commit();
        Assert.True(spool.TryAppend(packet, 1, out _));
        Assert.False(spool.Refuses);
    }

    [Fact]
    public void Appended_packets_are_synced_once_and_a_deleted_file_is_not_a_failure()
    {
        using Spool spool = Open();
        Assert.False(spool.NeedsSync);
        Append(spool, 0, 3);
        Assert.True(spool.NeedsSync);
        spool.Sync();
        Assert.False(spool.NeedsSync);
        Append(spool, 3, 1);
        Assert.Equal([0, 1, 2, 3], ReadAll(spool));
        Assert.False(spool.NeedsSync);
        spool.Sync();
        Assert.Empty(_log.Lines);
    }

    [Theory]
    [InlineData(1, -1)]
    [InlineData(1, long.MinValue)]
    [InlineData(-5, 0)]
    [InlineData(long.MaxValue, 10)]
    public void A_damaged_progress_file_only_causes_everything_to_be_resent(long sequence, long offset)
    {
        using (Spool spool = Open())
        {
            Append(spool, 0, 100);
        }

        File.WriteAllBytes(Path.Combine(_path, "progress"), [.. BitConverter.GetBytes(sequence), .. BitConverter.GetBytes(offset)]);
        _counters = new OutputCounters();
        using Spool again = Open();
        again.Recover(default);
        Append(again, 100, 1);
        Assert.Equal(Enumerable.Range(0, 101), ReadAll(again));
        Assert.Empty(Files());
    }

    [Fact]
    public void A_second_user_of_the_directory_is_rejected()
    {
        using Spool spool = Open();
        SpoolRefusedException refusal = Assert.Throws<SpoolRefusedException>(() => Open());
        Assert.Contains("used by another process", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_that_cannot_be_created_is_rejected()
    {
        File.WriteAllText(_path + ".file", "");
        try
        {
            Assert.Throws<SpoolRefusedException>(() => Spool.Open(
                new SpoolConfiguration { Path = _path + ".file/spool" }, _counters, _log, TimeProvider.System));
        }
        finally
        {
            File.Delete(_path + ".file");
        }
    }

    [Fact]
    public void Packets_sent_another_way_are_skipped_unless_already_read()
    {
        using Spool spool = Open();
        byte[] packet = TestPackets.Make(5, 100, null, Now());
        spool.TryAppend(packet, 1, out long first);
        Append(spool, 6, 1);
        Assert.True(spool.TryDiscard(first, 1, packet.Length));
        Assert.Equal([6], ReadAll(spool));
        spool.TryAppend(packet, 1, out long second);
        spool.Read(new byte[65_536]);
        Assert.False(spool.TryDiscard(second, 1, packet.Length));
        spool.Commit();
        Assert.False(spool.TryDiscard(second, 1, packet.Length));
    }

    [Fact]
    public void Any_bytes_in_a_file_are_read_or_counted_without_an_exception()
    {
        Random random = new(7);
        for (int round = 0; round < 300; round++)
        {
            using (Spool spool = Open())
            {
                Append(spool, 0, 20);
            }

            string file = Assert.Single(Files());
            byte[] bytes = File.ReadAllBytes(file);
            for (int i = random.Next(1, 6); i > 0; i--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            File.WriteAllBytes(file, bytes[..random.Next(bytes.Length)]);
            _counters = new OutputCounters();
            using Spool again = Open();
            again.Recover(default);
            byte[] buffer = new byte[65_536];
            for (int read = 1; read > 0; again.Commit())
            {
                read = again.Read(buffer);
                (int packets, int whole) = PacketBlock.WholePackets(buffer.AsSpan(0, read), read);
                Assert.Equal(read, whole);
                _counters.AddSpooled(-packets);
                _counters.AddSent(packets, read);
            }

            Assert.Empty(Files());
            ConservationLaw.AssertHolds(_counters);
        }
    }

    public void Dispose()
    {
        if (Directory.Exists(_path))
        {
            Directory.Delete(_path, recursive: true);
        }
    }

    private static uint Now() => (uint)DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    private string[] Files() => Directory.GetFiles(_path, "*.hep3");

    private Spool Open(long maxBytes = 1 << 20) => Spool.Open(
        new SpoolConfiguration { Path = _path, MaxBytes = maxBytes, MaxAge = TimeSpan.FromHours(1) }, _counters, _log, TimeProvider.System);

    private void Append(Spool spool, int first, int count, int payload = 100)
    {
        for (int i = 0; i < count; i++)
        {
            Assert.True(spool.TryAppend(TestPackets.Make(first + i, payload, null, Now()), 1, out _));
            _counters.AddSpooled(1);
        }
    }

    private int[] ReadAll(Spool spool)
    {
        List<int> numbers = [];
        byte[] buffer = new byte[65_536];
        while (spool.Read(buffer) is var read && read > 0)
        {
            for (int at = 0; at < read; at += PacketBlock.PacketLength(buffer.AsSpan(at)))
            {
                numbers.Add(TestPackets.NumberOf(buffer.AsSpan(at, PacketBlock.PacketLength(buffer.AsSpan(at)))));
                _counters.AddSpooled(-1);
            }

            spool.Commit();
        }

        return [.. numbers];
    }
}
