using System.Globalization;
using System.Net;
using System.Text;
using HepBridge.Configuration;
using HepBridge.Inputs.Janus;
using HepBridge.Reports.Janus;
using Microsoft.Extensions.Logging.Abstractions;

namespace HepBridge.Checks;

/// <summary>Checks whether Janus's events can be received, and what arrives within a few seconds.</summary>
internal sealed class JanusCheck(JanusInputConfiguration configuration, TimeProvider time, TimeSpan patience) : ICheck, IJanusReceiver
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<JanusEventType, int> _events = [];
    private readonly SortedDictionary<string, int> _names = new(StringComparer.Ordinal);
    private readonly SortedDictionary<JanusRejection, string> _rejected = [];

    public string Subject => configuration.Identity;
    public JanusInputConfiguration Configuration => configuration;

    public async Task RunAsync(CheckResults results, CancellationToken cancellationToken)
    {
        try
        {
            await using JanusServer server = await JanusServer.StartAsync(configuration.Listen, this, NullLoggerFactory.Instance, cancellationToken);
            results.Ok($"listening on {server.Address}");
            await Task.Delay(patience, time, cancellationToken);
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            results.Error($"cannot listen on {configuration.Listen}: {e.Message}", "if HepBridge is running, it holds the port itself; else stop the other program, or set another API_PORT here and in Janus's backend");
            return;
        }

        lock (_gate)
        {
            Describe(results);
        }
    }

    public bool OnBody(ReadOnlySpan<byte> body, IPAddress sender)
    {
        bool any = false;
        lock (_gate)
        {
            foreach (ReadOnlySpan<byte> element in new JanusBody.Elements(body))
            {
                if (JanusBody.IsEvent(element))
                {
                    any = true;
                    JanusEvent e = new(element);
                    _events[e.Type] = _events.GetValueOrDefault(e.Type) + 1;
                    string name = $"{Encoding.UTF8.GetString(e.Emitter.Text.Raw)} ({sender})";
                    if (_names.Count < 20 || _names.ContainsKey(name))
                    {
                        _names[name] = _names.GetValueOrDefault(name) + 1;
                    }
                }
            }
        }

        return any;
    }

    public void OnRejected(JanusRejection reason, IPAddress sender)
    {
        lock (_gate)
        {
            _rejected.TryAdd(reason, sender.ToString());
        }
    }

    private void Describe(CheckResults results)
    {
        foreach ((JanusRejection reason, string sender) in _rejected)
        {
            results.Error($"rejected a request from {sender}: {reason}", AdviceFor(reason));
        }

        if (_events.Count > 0)
        {
            string kinds = string.Join(", ", _events.Select(pair => $"{pair.Value} {pair.Key}"));
            results.Ok($"events from {string.Join(", ", _names.Keys)}: {kinds}");
        }
        else if (_rejected.Count == 0)
        {
            results.Warning(
                string.Create(CultureInfo.InvariantCulture, $"no event came within {patience.TotalSeconds:0.#} s"),
                "Janus sends none while nobody uses it; else check \"broadcast = true\" in janus.jcfg, and enabled, events and backend in janus.eventhandler.sampleevh.jcfg");
        }
    }

    private static string AdviceFor(JanusRejection reason) => reason switch
    {
        JanusRejection.Unauthorized => "set backend_user and backend_pwd in janus.eventhandler.sampleevh.jcfg to API_USER and API_PASS",
        JanusRejection.SenderNotAllowed => "add Janus's address to allowed_senders",
        JanusRejection.TooLarge => "raise max_body",
        _ => "only Janus's sample event handler should post here",
    };
}
