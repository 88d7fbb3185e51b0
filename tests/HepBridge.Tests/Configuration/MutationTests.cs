using System.Text;
using HepBridge.Configuration;
using HepBridge.Hosting;

namespace HepBridge.Tests.Configuration;

public class MutationTests
{
    private const int Count = 100_000;

    // Pieces that take a mutation further than single bytes do.
    private static readonly string[] _pieces =
    [
        "null", "{}", "[]", "\"\"", "true", "-1", "1e999", "99999999999999999999", "\"\\ud800\"", "\"\\u0000\"", "[[]]", "{\"0\":{}}", "\"a:b\"", "\":::\":1,",
        "\"esl_config\":", "\"spool\":", "\"::1\"", "\"[::1]:1\"", "\"%\"", "\"1.2.3.4/33\"", "\"999999d\"", "\"1e5MB\"", "\uFEFF", "\u2028", "//", "/*",
    ];

    [Fact]
    public void Any_bytes_are_accepted_or_rejected_with_a_reason()
    {
        byte[] seed = Encoding.UTF8.GetBytes("""
            { "hep_config": [{ "HEP_SERVER": ["h", "[::1]:90"], "HEP_TRANSPORT": "tls", "ring": "1MB", "spool": { "path": "/x", "max_age": "20h" } }],
              "esl_config": { "ESL_SERVER": "fs1", "ESL_PORT": 8021, "ESL_PASS": "p", "qos_type": [34, 35], "report_dtmf": "masked", "HEP_ID": 7 },
              "multicast_config": [{ "MULTICAST_ADDRESS": ["225.1.1.1"], "MULTICAST_PSK": "12345", "allowed_senders": ["10.0.0.0/8"] }],
              "reports": { "flavour": "homer7", "hold_time": "2m" }, "web": { "listen": "127.0.0.1:1" }, "log_level": "debug" }
            """);
        int accepted = 0;
        int refused = 0;
        Parallel.For(0, Count, index =>
        {
            Random random = new(index);
            byte[] mutated = Mutate(seed, random);
            Dictionary<string, string> variables = [];
            if (random.Next(4) == 0)
            {
                variables["HEPBRIDGE_" + Path(random)] = _pieces[random.Next(_pieces.Length)];
            }

            ConfigurationResult result = ConfigurationReader.Read("c", new ConfigurationEnvironment
            {
                Variables = variables,
                FileExists = _ => true,
                ReadFile = path => path == "c" ? mutated : throw new FileNotFoundException(),
            }, InputKinds.BuiltIn.Sections);
            Assert.NotEqual(result.Configuration is null, result.Errors.Count == 0);
            if (result.Configuration is { } configuration)
            {
                ConfigurationSummary.Lines(configuration);
                Interlocked.Increment(ref accepted);
            }
            else
            {
                Assert.All(result.Lines(), line => Assert.DoesNotContain('\n', line));
                Interlocked.Increment(ref refused);
            }
        });
        Assert.Equal(Count, accepted + refused);
        Assert.True(accepted > Count / 100, $"accepted only {accepted}");
        Assert.True(refused > Count / 10, $"refused only {refused}");
    }

    private static byte[] Mutate(byte[] seed, Random random)
    {
        List<byte> bytes = [.. seed];
        for (int changes = random.Next(1, 4); changes > 0; changes--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 8), bytes.Count - at - 1));
                    break;
                case 2:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(_pieces[random.Next(_pieces.Length)]));
                    break;
                case 3:
                    // Replace the text between two marks with a whole value.
                    int end = bytes.FindIndex(at, b => b is (byte)',' or (byte)'}' or (byte)']');
                    int begin = bytes.FindLastIndex(at, b => b is (byte)':' or (byte)'[' or (byte)',');
                    if (begin >= 0 && end > begin)
                    {
                        bytes.RemoveRange(begin + 1, end - begin - 1);
                        bytes.InsertRange(begin + 1, Encoding.UTF8.GetBytes(_pieces[random.Next(_pieces.Length)]));
                    }

                    break;
                default:
                    bytes[at] = (byte)(random.Next(2) == 0 ? bytes[at] ^ 0x20 : '0' + random.Next(10));
                    break;
            }
        }

        return [.. bytes];
    }

    private static string Path(Random random)
    {
        string[] segments = ["esl_config", "hep_config", "multicast_config", "reports", "web", "0", "1", "spool", "path", "ESL_PASS", "HEP_SERVER", "log_level", "", "x"];
        return string.Join("__", Enumerable.Range(0, random.Next(1, 5)).Select(_ => segments[random.Next(segments.Length)]));
    }
}
