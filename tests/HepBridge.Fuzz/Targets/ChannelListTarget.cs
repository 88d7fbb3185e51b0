using System.Text;
using HepBridge.FreeSwitch.Esl;
using HepBridge.Fuzz.Mutations;

namespace HepBridge.Fuzz.Targets;

/// <summary>The reply to <c>show channels as json</c>: ids that are safe in a command, or none.</summary>
internal sealed class ChannelListTarget() : FuzzTarget("channel-list", "the answer to 'show channels as json'")
{
    private readonly Mutation[] _own = [.. TextMutations.All, JsonMutations.Change];

    public override IReadOnlyList<byte[]> Corpus { get; } =
    [
        """{"row_count":0}"""u8.ToArray(),
        Encoding.UTF8.GetBytes("""
            {"row_count":2,"rows":[{"uuid":"1b1a0b7e-0b2c-4f0a-9f3e-2f6f3a1c0c11","direction":"inbound","created":"2026-11-22 02:29:54","created_epoch":"1795314594","name":"sofia/internal/1000@10.99.0.1","state":"CS_EXECUTE","cid_name":"Alice \"A\"","cid_num":"1000","callstate":"ACTIVE","call_uuid":""},
            {"uuid":"674fce7b-37a5-4704-a5cd-25a82779a651","direction":"outbound","name":"sofia/internal/1001@10.99.0.12:5060","callee_name":"","call_uuid":"1b1a0b7e-0b2c-4f0a-9f3e-2f6f3a1c0c11"}]}
            """),
    ];

    protected override IEnumerable<Mutation> OwnMutations => _own;

    public override Outcome Run(byte[] input)
    {
        if (!ChannelList.TryRead(input, out List<string> channels))
        {
            return Outcome.Refused("not a list");
        }

        Rule.Holds(channels.All(id => id.Length > 0 && id.AsSpan().IndexOfAny("\r\n \0") < 0));
        return Outcome.Taken($"{Math.Min(channels.Count, 5)}");
    }
}
