using System.Text.Json;
using System.Text.Json.Nodes;

namespace HepBridge.Fuzz.Mutations;

/// <summary>Mutations that keep JSON valid: keys dropped, repeated, renamed, moved; values of other types, extreme numbers, deep nesting.</summary>
internal static class JsonMutations
{
    private static readonly JsonDocumentOptions _lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private static readonly string[] _values =
    [
        "null", "true", "false", "0", "-1", "1e999", "1e-999", "4294967296", "99999999999999999999", "0.5", "\"\"", "\"true\"", "\"9060\"", "\"a:b\"", "\"[::1]:9\"", "\"::\"", "\"%\"", "\"500ms\"",
        "\"999999999d\"", "\"1e5MB\"", "\"-1s\"", "\"\\u0000\"", "\"\\ud800\"", "\"\\u202e\"", "\"10.0.0.0/33\"", "\"/dev/null\"", "[]", "[[]]", "[1,\"a\",null]", "{}", "{\"0\":{}}", "{\"a\":{\"b\":[]}}",
    ];

    /// <summary>Changes one place; leaves text that is not JSON alone.</summary>
    public static void Change(Mutant mutant, Dice dice)
    {
        try
        {
            JsonNode? root = JsonNode.Parse(mutant.Bytes, documentOptions: _lenient);
            List<JsonNode> nodes = [];
            Collect(root, nodes);
            if (nodes.Count == 0)
            {
                return;
            }

            string text = Apply(root!, dice.Pick(nodes), nodes, dice);
            mutant.Set(System.Text.Encoding.UTF8.GetBytes(text));
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException or FormatException)
        {
            // Earlier mutations have made it something else: continue with bytes.
            mutant.Add(" "u8);
        }
    }

    private static string Apply(JsonNode root, JsonNode node, List<JsonNode> nodes, Dice dice)
    {
        // A marker that does not occur in the corpus: raw JSON replaces it after serialization.
        const string Mark = "\"@@@\"";
        string replacement = dice.Pick(_values);
        switch (dice.Next(7))
        {
            case 0 when node.Parent is JsonObject parent:
                parent.Remove(node.GetPropertyName());
                break;
            case 1 when node.Parent is JsonObject:
                // The same key a second time, with another value.
                string name = JsonSerializer.Serialize(node.GetPropertyName());
                node.ReplaceWith("@@@");
                return root.ToJsonString().Replace(Mark, $"{replacement},{name}:{node.ToJsonString()}", StringComparison.Ordinal);
            case 2 when node.Parent is JsonObject parent:
                string key = node.GetPropertyName();
                JsonNode kept = node.DeepClone();
                parent.Remove(key);
                parent[Renamed(key, dice)] = kept;
                break;
            case 3:
                // A value from elsewhere.
                node.ReplaceWith(dice.Pick(nodes).DeepClone());
                break;
            case 4 when dice.OneIn(4):
                int depth = 1 << dice.Next(1, 13);
                string open = dice.OneIn(2) ? "[" : "{\"a\":";
                node.ReplaceWith("@@@");
                return root.ToJsonString().Replace(Mark, string.Concat(Enumerable.Repeat(open, depth)) + "1" + new string(open == "[" ? ']' : '}', depth), StringComparison.Ordinal);
            case 5:
                node.ReplaceWith(new JsonArray(node.DeepClone(), dice.Pick(nodes).DeepClone()));
                break;
            default:
                if (node.Parent is null)
                {
                    return replacement;
                }

                node.ReplaceWith("@@@");
                return root.ToJsonString().Replace(Mark, replacement, StringComparison.Ordinal);
        }

        return root.ToJsonString();
    }

    private static string Renamed(string key, Dice dice) => dice.Next(6) switch
    {
        0 => key.ToLowerInvariant(),
        1 => key.ToUpperInvariant(),
        2 => key.Length > 1 ? key[1..] : key + key,
        3 => key + "\u0000",
        4 => "",
        _ => "0",
    };

    private static void Collect(JsonNode? node, List<JsonNode> nodes)
    {
        if (node is null)
        {
            return;
        }

        if (node.Parent is not null)
        {
            nodes.Add(node);
        }

        if (node is JsonObject members)
        {
            foreach ((_, JsonNode? member) in members)
            {
                Collect(member, nodes);
            }
        }
        else if (node is JsonArray items)
        {
            foreach (JsonNode? item in items)
            {
                Collect(item, nodes);
            }
        }
    }
}
