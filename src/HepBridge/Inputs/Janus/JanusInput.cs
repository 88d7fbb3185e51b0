using System.Net;
using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.FreeSwitch;
using HepBridge.FreeSwitch.Events;
using HepBridge.Hep;
using HepBridge.Pipeline;
using HepBridge.Reports.Janus;
using Microsoft.Extensions.Logging;

namespace HepBridge.Inputs.Janus;

/// <summary>Receives Janus's events, posted by its sample event handler.</summary>
internal sealed class JanusInput : Input<JanusInputConfiguration>, IJanusReceiver
{
    /// <summary>Most digits of a session's or handle's id.</summary>
    public const int MaxId = 64;

    // Yields the pipeline's lock after this many events of one body.
    private const int EventsAtOnce = 64;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _log;
    private readonly JanusCalls _calls;
    private readonly ReasonCounts<JanusRejection> _rejected = new();
    private readonly LineBudget[] _warnings;
    private long _requests;
    private long _bytes;

    public JanusInput(JanusInputConfiguration configuration, EventPipeline pipeline, TimeProvider time, ILoggerFactory loggers)
        : base(configuration, pipeline, time, configuration.IsGuarded)
    {
        _loggers = loggers;
        _log = loggers.CreateLogger<JanusInput>();
        _calls = new JanusCalls(pipeline, Binding);
        _warnings = [.. Enum.GetValues<JanusRejection>().Select(_ => LineBudget.OneAMinute(time))];
    }

    public override string UpWord => "listening";

    /// <summary>Its address; null if it is not listening.</summary>
    public Uri? Address { get; private set; }

    /// <summary>Requests accepted.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>Their bytes, uncompressed.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Handles and sessions known. Requires the pipeline's lock.</summary>
    public int Handles => _calls.Count;

    public override IEnumerable<(string Reason, long Count)> Refused => _rejected.Counted.Select(rejected => (rejected.Reason.ToString(), rejected.Count));

    public long Rejected(JanusRejection reason) => _rejected[reason];

    public override async Task RunAsync(CancellationToken cancellationToken)
    {
        Backoff backoff = new(Random.Shared);
        try
        {
            while (true)
            {
                try
                {
                    await using JanusServer server = await JanusServer.StartAsync(Configuration.Listen, this, _loggers, cancellationToken);
                    Address = server.Address;
                    SetState(true, null);
                    Log.JanusListening(_log, server.Address);
                    await Task.Delay(Timeout.InfiniteTimeSpan, Time, cancellationToken);
                }
                catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
                {
                    string problem = $"cannot listen on {Configuration.Listen}: {e.Message}";
                    if (State.Problem is null)
                    {
                        Log.JanusNotListening(_log, problem);
                    }

                    SetState(false, problem);
                    await Task.Delay(backoff.Next(), Time, cancellationToken);
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
            SetState(false, null);
        }
    }

    public bool OnBody(ReadOnlySpan<byte> body, IPAddress sender)
    {
        Interlocked.Increment(ref _requests);
        Interlocked.Add(ref _bytes, body.Length);
        HepAddress address = HepAddress.From(sender);
        JanusBody.Elements elements = new(body);
        bool any = false;
        bool isEmpty = true;
        while (true)
        {
            lock (Pipeline.Gate)
            {
                for (int i = 0; i < EventsAtOnce; i++)
                {
                    if (!elements.MoveNext())
                    {
                        Pipeline.EndBatch();
                        return any || isEmpty;
                    }

                    isEmpty = false;
                    any |= Take(elements.Current, address);
                }

                Pipeline.EndBatch();
            }
        }
    }

    public void OnRejected(JanusRejection reason, IPAddress sender)
    {
        long count = _rejected.Add(reason);
        if (_warnings[(int)reason].TryTake())
        {
            Log.JanusRejected(_log, Configuration.Identity, sender.ToString(), reason.ToString(), count);
        }
    }

    protected override bool ReadsTheSame(JanusInputConfiguration next) => next.Listen.Equals(Configuration.Listen) && next.IsGuarded == Configuration.IsGuarded;

    private bool Take(ReadOnlySpan<byte> json, HepAddress sender)
    {
        JanusEvent e = json is [(byte)'{', ..] ? new JanusEvent(json) : default;
        if (e.Type == 0)
        {
            Pipeline.CountMalformed(Binding, EventRejection.BadJson);
            return false;
        }

        if (e.Session.Length > MaxId || e.Handle.Length > MaxId || e.Emitter.Json.Length > EventLimits.MaxName)
        {
            Pipeline.CountMalformed(Binding, EventRejection.FieldTooLong);
            return false;
        }

        _calls.Process(e, sender, Configuration);
        return true;
    }
}
