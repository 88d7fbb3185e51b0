using HepBridge.Fuzz.Mutations;
using HepBridge.Inputs.Amqp;

namespace HepBridge.Fuzz.Targets;

/// <summary>A reply of mod_amqp's command profile: a command and its output, or none.</summary>
internal sealed class CommandReplyTarget() : FuzzTarget("command-reply", "the answers of mod_amqp's command profile")
{
    private readonly Mutation[] _own = [.. TextMutations.All, JsonMutations.Change];

    public override IReadOnlyList<byte[]> Corpus { get; } =
    [
        "{\n\t\"output\":\t\"{\\\"row_count\\\":0}\",\n\t\"command\":\t\"show channels as json\",\n\t\"status\":\t0\n}"u8.ToArray(),
        "{\"output\":\"Event-Name: CHANNEL_DATA\\nUnique-ID: 1b1a0b7e-0b2c-4f0a-9f3e-2f6f3a1c0c11\\n\\n\",\"command\":\"uuid_dump 1b1a0b7e-0b2c-4f0a-9f3e-2f6f3a1c0c11\",\"status\":0}"u8.ToArray(),
        "{\"output\":\"-ERR No such channel!\\n\",\"command\":\"uuid_dump \\u00e9\\ud83d\\ude00\",\"status\":1,\"more\":{\"output\":[1,{}]}}"u8.ToArray(),
    ];

    protected override IEnumerable<Mutation> OwnMutations => _own;

    public override Outcome Run(byte[] input)
    {
        if (!CommandClient.TryRead(input, out string command, out byte[] output))
        {
            return Outcome.Refused("no reply");
        }

        Rule.Holds(command.Length > 0 && output.Length <= 3 * input.Length);
        return Outcome.Taken(output.Length == 0 ? "empty" : "output");
    }
}
