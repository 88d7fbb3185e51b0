using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.FreeSwitch.Esl;
using HepBridge.FreeSwitch.Events;
using HepBridge.Pipeline;
using Microsoft.Extensions.Logging;

namespace HepBridge.Inputs;

/// <summary>One switch's event socket: turns its frames into events for the pipeline.</summary>
internal sealed class EslInput : Input<EslInputConfiguration>, IEslHandler
{
    private readonly ILogger _logger;
    private readonly EslClient _client;
    private readonly EventParser _parser = new();
    private readonly ChannelDumps _dumps;

    public EslInput(EslInputConfiguration configuration, EventPipeline pipeline, TimeProvider time, ILogger<EslInput> logger)
        : base(configuration, pipeline, time, isSingleSwitch: true)
    {
        _logger = logger;
        _dumps = new ChannelDumps(pipeline, Binding);
        EslClientOptions options = new()
        {
            Endpoint = new EslEndpoint(configuration.Server, configuration.Port, configuration.User, configuration.Password),
            Subscription = Subscribe(),
        };
        _client = new EslClient(options, this, time);
    }

    public override Task RunAsync(CancellationToken cancellationToken) => _client.RunAsync(cancellationToken);

    /// <summary>Applies new report options, and changes the subscription accordingly.</summary>
    public override async Task<bool> TryApplyAsync(InputConfiguration next, CancellationToken cancellationToken)
    {
        if (!TryApply(next))
        {
            return false;
        }

        await _client.ChangeSubscriptionAsync(Subscribe(), cancellationToken);
        return true;
    }

    public void OnConnected(in EslConnected connected)
    {
        SetState(true, null);
        if (connected.IsFirst)
        {
            Log.EslConnected(_logger, connected.Endpoint);
        }
        else
        {
            Log.EslReconnected(_logger, connected.Endpoint, connected.FailuresBefore);
        }
    }

    public void OnFrame(in EslFrame frame)
    {
        bool isLog = frame.ContentType == EslContentType.LogData;
        EventEncoding encoding = isLog ? EventEncoding.Log
            : frame.ContentType == EslContentType.EventJson ? EventEncoding.Json
            : EventEncoding.Plain;

        // Parsed outside the lock, so that several switches are read in parallel.
        bool isEvent = _parser.TryParse(isLog ? frame.Bytes : frame.Body, encoding, out FreeSwitchEvent e, out EventRejection rejection);
        lock (Pipeline.Gate)
        {
            if (!isEvent)
            {
                Pipeline.CountMalformed(Binding, rejection);
            }
            else if (Pipeline.Process(e, Binding))
            {
                _client.HintChannel(e.Get(isLog ? KnownHeader.UserData : KnownHeader.UniqueId).Raw);
            }
        }
    }

    public void OnBatchEnd()
    {
        lock (Pipeline.Gate)
        {
            Pipeline.EndBatch();
        }
    }

    public void OnRefused(string message) => Log.EslRefused(_logger, message);

    public void OnDisconnected(in EslDisconnected disconnected)
    {
        SetState(false, disconnected.Message);
        if (disconnected.Reason == EslDisconnectReason.Stopped)
        {
            return;
        }

        if (disconnected.IsNews)
        {
            Log.EslDisconnected(_logger, disconnected.Message, disconnected.NextTry.TotalSeconds);
        }
        else
        {
            Log.EslStillDisconnected(_logger, disconnected.Message, disconnected.Failures, disconnected.NextTry.TotalSeconds);
        }
    }

    public void OnChannelDump(ReadOnlySpan<byte> plainEvent) => _dumps.Process(plainEvent);

    public void OnChannelsRebuilt(in ChannelSyncResult result)
    {
        if (!result.Outcome.IsSuccess)
        {
            Log.EslRebuildFailed(_logger, Binding.Name, result.Outcome.Message);
        }
        else if (result.Listed > 0)
        {
            Log.EslRebuilt(_logger, Binding.Name, result.Listed, result.Dumped);
        }
    }

    protected override bool ReadsTheSame(EslInputConfiguration next) => next.IsSameConnection(Configuration);

    protected override void OnEnded() => _client.Dispose();

    private EslSubscription Subscribe()
    {
        (IReadOnlyList<string> names, IReadOnlyList<string> subclasses) = Binding.Plan.Subscription();
        return new EslSubscription(names, subclasses, Configuration.Format, Binding.Plan.LogLevel is int level ? LogLevels.Names[level] : null);
    }
}
