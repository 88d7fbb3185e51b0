using System.Text;
using HepBridge.Replay;
using HepBridge.Tests.Esl;

namespace HepBridge.Tests.Replay;

public class PlaybackTests
{
    [Theory]
    [InlineData("esl-plain.bin.gz")]
    [InlineData("esl-json.bin.gz")]
    [InlineData("esl-log.bin.gz")]
    public void Shifting_keeps_every_frame_and_shifts_every_time_equally(string file)
    {
        byte[] bytes = EslCapture.Read(file);
        Recording recording = Recording.Parse(bytes);
        ManualTime time = new();
        time.Advance(TimeSpan.FromDays(100));
        Playback playback = new(recording, new PlaybackOptions { Speed = 0 }, time);
        byte[] moved = [.. bytes];
        foreach (RecordedFrame frame in recording.Frames)
        {
            playback.Copy(frame, moved.AsSpan(frame.Offset, frame.Length));
        }

        Recording after = Recording.Parse(moved);
        Assert.Equal(recording.Frames.Count, after.Frames.Count);
        Assert.Equal(recording.Fields, after.Fields);
        for (int i = 0; i < recording.Frames.Count; i++)
        {
            Assert.Equal(recording.Frames[i] with { Time = 0 }, after.Frames[i] with { Time = 0 });
            Assert.Equal(recording.Frames[i].Time + (playback.Shift * 1_000_000), after.Frames[i].Time);
        }

        // Only the fields changed; shifting back restores the recorded bytes.
        foreach (TimeField field in recording.Fields)
        {
            Span<byte> text = moved.AsSpan(field.Offset, TimeField.LengthOf(field.Kind));
            Assert.False(text.SequenceEqual(bytes.AsSpan(field.Offset, text.Length)));
            TimeField.Move(text, field.Kind, -playback.Shift);
        }

        Assert.Equal(bytes, moved);
    }

    [Fact]
    public void The_last_event_gets_the_time_at_which_it_is_sent()
    {
        Recording recording = Recording.Parse(EslCapture.Read("esl-plain.bin.gz"));
        ManualTime time = new();
        time.Advance(TimeSpan.FromDays(3));
        long now = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / 10;
        long last = recording.Frames[^1].Time;
        long length = last - recording.Frames[0].Time;

        Assert.InRange(now - (last + (new Playback(recording, new PlaybackOptions { Speed = 0 }, time).Shift * 1_000_000)), 0, 1_000_000);
        Assert.InRange(now + length - (last + (new Playback(recording, new PlaybackOptions { Speed = 1 }, time).Shift * 1_000_000)), 0, 1_000_000);
        Assert.InRange(now + (length / 10) - (last + (new Playback(recording, new PlaybackOptions { Speed = 10 }, time).Shift * 1_000_000)), 0, 1_000_000);
        Assert.Equal(0, new Playback(recording, new PlaybackOptions { KeepTimes = true }, time).Shift);
    }

    [Fact]
    public void Frames_are_due_as_they_were_received()
    {
        RecordingTimestamps times = RecordingTimestamps.LoadFor(EslCapture.Path("esl-narrow.bin.gz"))!;
        Recording recording = Recording.Parse(EslCapture.Read("esl-narrow.bin.gz"), times);
        ManualTime time = new();
        Playback playback = new(recording, new PlaybackOptions { Speed = 2 }, time);
        Assert.Equal(0, playback.First);
        Assert.Equal(TimeSpan.Zero, playback.Wait(0));
        for (int i = 1; i < recording.Frames.Count; i++)
        {
            Assert.True(recording.Frames[i].Time >= recording.Frames[i - 1].Time);
        }

        TimeSpan all = TimeSpan.FromMicroseconds(recording.Frames[^1].Time - recording.Frames[0].Time) / 2;
        Assert.True(all > TimeSpan.FromSeconds(10));
        Assert.Equal(all.TotalMilliseconds, playback.Wait(recording.Frames.Count - 1).TotalMilliseconds, 1.0);
        time.Advance(all);
        Assert.True(playback.Wait(recording.Frames.Count - 1) <= TimeSpan.FromMilliseconds(1));
    }

    [Theory]
    [InlineData("Event-Date-Timestamp", "1795305305150634", "1795391705150634")]
    [InlineData("variable_Event-Date-Local", "2026-11-30%2023%3A55%3A08", "2026-12-01%2023%3A55%3A08")]
    [InlineData("Event-Date-Local", "2026-12-31 23:55:08", "2027-01-01 23:55:08")]
    [InlineData("Orig-Event-Date-GMT", "Sat,%2021%20Nov%202026%2023%3A56%3A06%20GMT", "Sun,%2022%20Nov%202026%2023%3A56%3A06%20GMT")]
    [InlineData("Event-Date-GMT", "Sat, 21 Nov 2026 23:56:06 GMT", "Sun, 22 Nov 2026 23:56:06 GMT")]
    [InlineData("Caller-Channel-Answered-Time", "1795305358170623", "1795391758170623")]
    [InlineData("Other-Leg-Profile-Created-Time", "1795305358170623", "1795391758170623")]
    [InlineData("Capture-Time", "1795305362239095", "1795391762239095")]
    [InlineData("variable_start_epoch", "1795305358", "1795391758")]
    [InlineData("variable_start_uepoch", "1795305358170623", "1795391758170623")]
    [InlineData("variable_start_stamp", "2026-11-21%2023%3A55%3A58", "2026-11-22%2023%3A55%3A58")]
    [InlineData("variable_sip_invite_stamp", "1795305348230630", "1795391748230630")]
    [InlineData("Caller-Channel-Answered-Time", "0", null)]
    [InlineData("NTP-Most-Significant-Word", "3973291458", null)]
    [InlineData("RTP-Timestamp", "1795305358", null)]
    [InlineData("variable_call_uuid", "1795305348230630", null)]
    [InlineData("Event-Date-Local", "2026-13-45%2023%3A55%3A08", null)]
    public void A_time_is_shifted_in_its_own_format(string name, string value, string? moved)
    {
        byte[] text = Encoding.ASCII.GetBytes(value);
        TimeFieldKind? kind = TimeField.KindOf(Encoding.ASCII.GetBytes(name), text);

        Assert.Equal(moved is not null, kind is not null);
        if (kind is { } known)
        {
            Assert.Equal(text.Length, TimeField.LengthOf(known));
            TimeField.Move(text, known, 86_400);
            Assert.Equal(moved, Encoding.ASCII.GetString(text));
        }
    }

    [Fact]
    public void Playback_starts_in_the_middle_if_requested()
    {
        Recording recording = Recording.Parse(EslCapture.Read("esl-plain.bin.gz"));
        Playback playback = new(recording, new PlaybackOptions { Skip = TimeSpan.FromSeconds(20) }, new ManualTime());

        Assert.True(playback.First > 100);
        Assert.True(recording.Frames[playback.First].Time - recording.Frames[0].Time >= 20_000_000);
    }

    [Theory]
    [InlineData("hello\n\n", "frame")]
    [InlineData("Content-Type: auth/request\n\n", "no event")]
    public void A_file_that_is_not_a_recording_gives_a_reason(string text, string named)
    {
        RecordingException problem = Assert.Throws<RecordingException>(() => Recording.Parse(Encoding.ASCII.GetBytes(text)));

        Assert.Contains(named, problem.Message, StringComparison.Ordinal);
    }
}
