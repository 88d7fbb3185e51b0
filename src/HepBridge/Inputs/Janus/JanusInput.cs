using System.Net;
using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.FreeSwitch;
using HepBridge.FreeSwitch.Events;
using HepBridge.Hep;
using HepBridge.Pipeline;
using HepBridge.Reports;
using HepBridge.Reports.Janus;
using Microsoft.Extensions.Logging;

namespace HepBridge.Inputs.Janus;

/// <summary>Receives Janus's events, posted by its sample event handler.</summary>
internal sealed class JanusInput : IInput, IJanusReceiver
{
    /// <summary>Most digits of a session's or handle's id.</summary>
    public const int MaxId = 64;

    // Yields the pipeline's lock after this many events of one body.
    private const int EventsAtOnce = 64;

    private readonly EventPipeline _pipeline;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _log;
    private readonly JanusCalls _calls;
    private readonly ReasonCounts<JanusRejection> _rejected = new();
    private readonly LineBudget[] _warnings;
    private volatile JanusInputConfiguration _configuration;
    private volatile InputState _state;
    private long _requests;
    private long _bytes;

    public JanusInput(JanusInputConfiguration configuration, EventPipeline pipeline, TimeProvider time, ILoggerFactory loggers)
    {
        _pipeline = pipeline;
        _time = time;
        _loggers = loggers;
        _log = loggers.CreateLogger<JanusInput>();
        _configuration = configuration;
        _state = new InputState(false, time.GetUtcNow(), null);
        Binding = new InputBinding(configuration.Identity, new ReportPlan(configuration.Reports)) { IsTrusted = configuration.IsGuarded };
        _calls = new JanusCalls(pipeline, Binding);
        _warnings = [.. Enum.GetValues<JanusRejection>().Select(_ => LineBudget.OneAMinute(time))];
    }

    public InputConfiguration Configuration => _configuration;

    JanusInputConfiguration IJanusReceiver.Configuration => _configuration;

    public InputBinding Binding { get; }

    public InputState State => _state;

    public string UpWord => "listening";

    /// <summary>Its address; null if it is not listening.</summary>
    public Uri? Address { get; private set; }

    /// <summary>Requests accepted.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>Their bytes, uncompressed.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Handles and sessions known. Requires the pipeline's lock.</summary>
    public int Handles => _calls.Count;

    public IEnumerable<(string Reason, long Count)> Refused => _rejected.Counted.Select(rejected => (rejected.Reason.ToString(), rejected.Count));

    /// <summary>Requests rejected.</summary>
    public long Rejected(JanusRejection reason) => _rejected[reason];

    public Task<bool> TryApplyAsync(InputConfiguration next, CancellationToken cancellationToken)
    {
        if (next is not JanusInputConfiguration configuration || !configuration.Listen.Equals(_configuration.Listen) || configuration.IsGuarded != _configuration.IsGuarded)
        {
            return Task.FromResult(false);
        }

        lock (_pipeline.Gate)
        {
            _configuration = configuration;
            Binding.Plan = new ReportPlan(configuration.Reports);
        }

        return Task.FromResult(true);
    }

    public void Tick()
    {
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Backoff backoff = new(Random.Shared);
        try
        {
            while (true)
            {
                try
                {
                    await using JanusServer server = await JanusServer.StartAsync(_configuration.Listen, this, _loggers, cancellationToken);
                    Address = server.Address;
                    _state = _state.Next(true, null, _time.GetUtcNow());
                    Log.JanusListening(_log, server.Address);
                    await Task.Delay(Timeout.InfiniteTimeSpan, _time, cancellationToken);
                }
                catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
                {
                    string problem = $"cannot listen on {_configuration.Listen}: {e.Message}";
                    if (_state.Problem is null)
                    {
                        Log.JanusNotListening(_log, problem);
                    }

                    _state = _state.Next(false, problem, _time.GetUtcNow());
                    await Task.Delay(backoff.Next(), _time, cancellationToken);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stop requested.
        }
        finally
        {
            Address = null;
            _state = _state.Next(false, null, _time.GetUtcNow());
        }
    }

    public void Dispose()
    {
    }

    public bool OnBody(ReadOnlySpan<byte> body, IPAddress sender)
    {
        Interlocked.Increment(ref _requests);
        Interlocked.Add(ref _bytes, body.Length);
        HepAddress address = HepAddress.From(sender);
        JanusBody.Elements elements = JanusBody.Each(body);
        bool any = false;
        bool isEmpty = true;
        while (true)
        {
            lock (_pipeline.Gate)
            {
                for (int i = 0; i < EventsAtOnce; i++)
                {
                    if (!elements.MoveNext())
                    {
                        _pipeline.EndBatch();
                        return any || isEmpty;
                    }

                    isEmpty = false;
                    any |= Take(elements.Current, address);
                }

                _pipeline.EndBatch();
            }
        }
    }

    public void OnRejected(JanusRejection reason, IPAddress sender)
    {
        long count = _rejected.Add(reason);
        if (_warnings[(int)reason].TryTake())
        {
            Log.JanusRejected(_log, _configuration.Identity, sender.ToString(), reason.ToString(), count);
        }
    }

    private bool Take(ReadOnlySpan<byte> json, HepAddress sender)
    {
        JanusEvent e = json is [(byte)'{', ..] ? new JanusEvent(json) : default;
        if (e.Type == 0)
        {
            _pipeline.CountMalformed(Binding, EventRejection.BadJson);
            return false;
        }

        if (e.Session.Length > MaxId || e.Handle.Length > MaxId || e.Emitter.Json.Length > EventLimits.MaxName)
        {
            _pipeline.CountMalformed(Binding, EventRejection.FieldTooLong);
            return false;
        }

        _calls.Process(e, sender, _configuration);
        return true;
    }
}
