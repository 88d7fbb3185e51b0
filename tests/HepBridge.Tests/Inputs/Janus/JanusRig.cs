using System.Net;
using System.Text;
using System.Text.Json;
using HepBridge.Configuration;
using HepBridge.Inputs.Janus;
using HepBridge.Tests.Configuration;
using HepBridge.Tests.Pipeline;
using Microsoft.Extensions.Logging.Abstractions;

namespace HepBridge.Tests.Inputs.Janus;

/// <summary>A Janus input without its server: bodies in, packets out.</summary>
internal sealed class JanusRig : IDisposable
{
    public JanusRig(string keys = "", CallOptions? calls = null)
    {
        Rig = new PipelineRig(calls: calls);
        JanusInputConfiguration configuration = Read(keys);
        Input = new JanusInput(configuration, Rig.Pipeline, Rig.Time, NullLoggerFactory.Instance);
    }

    public PipelineRig Rig { get; }

    public JanusInput Input { get; }

    public List<CollectedPacket> Packets => Rig.Packets;

    /// <summary>The bodies that a real Janus posted in a session with an answered call, a busy one, an incoming one, and an echo test.</summary>
    public static IReadOnlyList<string> Session { get; } = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Captures", "janus", "session.jsonl"));

    public static JanusInputConfiguration Read(string keys) =>
        Reading.Good($$"""{ "hep_config": {}, "janus_config": { {{keys}} } }""").Inputs.OfType<JanusInputConfiguration>().Single();

    /// <summary>The recorded session, posted when it was recorded.</summary>
    public static JanusRig OfSession(string keys = "", CallOptions? calls = null)
    {
        JanusRig rig = new(keys, calls);
        rig.Rig.Time.Advance(DateTimeOffset.FromUnixTimeSeconds(1_795_717_080) - rig.Rig.Time.GetUtcNow());
        foreach (string body in Session)
        {
            Assert.True(rig.Post(body));
            Assert.True(rig.Rig.Pipeline.Counters.AreConserved);
        }

        return rig;
    }

    /// <summary>Every event of the recorded session.</summary>
    public static IEnumerable<JsonElement> SessionEvents() => Session.SelectMany(body => JsonDocument.Parse(body).RootElement.EnumerateArray());

    public bool Post(string body) => Input.OnBody(Encoding.UTF8.GetBytes(body), IPAddress.Loopback);

    /// <summary>Posts an event of the handle 2 in the session 1; its body in single quotes.</summary>
    public JanusRig Event(int type, string body, int? subtype = null, long session = 1, long handle = 2)
    {
        string sub = subtype is null ? "" : $"\"subtype\":{subtype},";
        string ids = (session == 0 ? "" : $"\"session_id\":{session},") + (handle == 0 ? "" : $"\"handle_id\":{handle},");
        Assert.True(Post($$"""{"emitter":"gw1","type":{{type}},{{sub}}"timestamp":{{Rig.Now()}},{{ids}}"event":{{body.Replace('\'', '"')}}}"""));
        return this;
    }

    public void Dispose() => Input.Dispose();
}
