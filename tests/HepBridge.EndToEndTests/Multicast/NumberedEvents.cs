using System.Globalization;
using System.Text;
using HepBridge.FreeSwitch.Multicast;

namespace HepBridge.EndToEndTests.Multicast;

/// <summary>Distinguishable events, each with its sender's name and a number; every tenth is large enough to be fragmented.</summary>
internal static class NumberedEvents
{
    public static byte[] Make(string sender, int number)
    {
        int filler = number % 10 == 0 ? 9000 : 1100;
        return Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"Event-Name: CHANNEL_STATE\nFreeSWITCH-Switchname: {sender}\nEvent-Sequence: {number}\nvariable_filler: {new string('x', filler)}\n\n"));
    }

    /// <summary>Collects the numbers of each sender.</summary>
    internal sealed class Collector : IMulticastHandler
    {
        private readonly Lock _gate = new();
        private readonly Dictionary<string, HashSet<int>> _seen = [];
        private readonly List<MulticastListenerStatus> _statuses = [];
        private readonly List<(Func<bool> Condition, TaskCompletionSource Done)> _awaited = [];
        private readonly HashSet<string> _sources = [];

        public Task Until(Func<Collector, bool> condition)
        {
            TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_gate)
            {
                _awaited.Add((() => condition(this), done));
                Look();
            }

            return done.Task.WaitAsync(TimeSpan.FromSeconds(60));
        }

        public IReadOnlyList<MulticastListenerStatus> Statuses => _statuses;

        public IReadOnlyCollection<string> Sources => _sources;

        public int Seen(string sender) => _seen.TryGetValue(sender, out HashSet<int>? numbers) ? numbers.Count : 0;

        public int Listening => _statuses.Count(static status => status.State == ListenerState.Listening);

        public int Rejoined => _statuses.Count(static status => status.State == ListenerState.Rejoined);

        public void OnBatch(MulticastBatch batch)
        {
            lock (_gate)
            {
                for (int i = 0; i < batch.Count; i++)
                {
                    string[] lines = Encoding.ASCII.GetString(batch.Event(i)).Split('\n');
                    string sender = lines[1].Split(' ')[1];
                    if (!_seen.TryGetValue(sender, out HashSet<int>? numbers))
                    {
                        _seen.Add(sender, numbers = []);
                    }

                    Assert.True(numbers.Add(int.Parse(lines[2].Split(' ')[1], CultureInfo.InvariantCulture)));
                    _sources.Add(batch.Sender(i).ToString());
                }

                Look();
            }
        }

        public void OnRejected(DatagramReject reason, SenderAddress sender)
        {
            lock (_gate)
            {
                Look();
            }
        }

        public void OnListener(MulticastListenerStatus status)
        {
            lock (_gate)
            {
                _statuses.Add(status);
                Look();
            }
        }

        private void Look()
        {
            foreach ((Func<bool> condition, TaskCompletionSource done) in _awaited)
            {
                if (condition())
                {
                    done.TrySetResult();
                }
            }

            _awaited.RemoveAll(static awaited => awaited.Done.Task.IsCompleted);
        }
    }
}
