using System.Globalization;
using System.Text;

namespace HepBridge.Inputs.Amqp;

/// <summary>
/// The agents of a group and how many busy queues each has. The broker gives a queue to the agent that waited longest, so the first agent starts with all of
/// them: whoever has more than its share gives the surplus up. If an agent dies, the broker alone decides.
/// </summary>
internal sealed class AmqpGroup(Func<int> load, Action<int, int> release, TimeProvider time)
{
    private const int MostAgents = 1_000;
    private static readonly TimeSpan _silence = TimeSpan.FromSeconds(16);
    private readonly string _self = Guid.NewGuid().ToString("N");
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (int Load, long HeardAt)> _agents = [];

    /// <summary>How often an agent tells its load.</summary>
    public static TimeSpan Interval { get; } = TimeSpan.FromSeconds(5);

    /// <summary>Agents heard lately, this one included.</summary>
    public int Agents
    {
        get
        {
            lock (_gate)
            {
                return Math.Max(1, _agents.Count);
            }
        }
    }

    /// <summary>This agent's message to the others.</summary>
    public byte[] Describe() => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{_self} {load()}"));

    /// <summary>An agent's message, its own included.</summary>
    public void OnMember(ReadOnlySpan<byte> message)
    {
        string[] words = message.Length > 64 ? [] : Encoding.ASCII.GetString(message).Split(' ');
        if (words is not [{ Length: 32 } id, string text] || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int theirs))
        {
            return;
        }

        lock (_gate)
        {
            if (_agents.Count < MostAgents || _agents.ContainsKey(id))
            {
                _agents[id] = (theirs, time.GetTimestamp());
            }
        }
    }

    /// <summary>Gives up what is more than this agent's share.</summary>
    public void Tick()
    {
        int mine = load();
        int surplus;
        int agents;
        lock (_gate)
        {
            foreach (string gone in _agents.Where(agent => time.GetElapsedTime(agent.Value.HeardAt) > _silence).Select(agent => agent.Key).ToArray())
            {
                _agents.Remove(gone);
            }

            agents = _agents.Count;
            int all = mine + _agents.Where(agent => agent.Key != _self).Sum(agent => agent.Value.Load);
            surplus = agents < 2 ? 0 : mine - ((all + agents - 1) / agents);
        }

        if (surplus > 0)
        {
            release(surplus, agents);
        }
    }
}
