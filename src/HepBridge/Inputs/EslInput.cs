using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.FreeSwitch.Esl;
using HepBridge.FreeSwitch.Events;
using HepBridge.Pipeline;
using HepBridge.Reports;
using Microsoft.Extensions.Logging;

namespace HepBridge.Inputs;

/// <summary>One switch's event socket: turns its frames into events for the pipeline.</summary>
internal sealed class EslInput : IEslHandler, IInput
{
    private readonly EventPipeline _pipeline;
    private readonly ILogger _logger;
    private readonly EslClient _client;
    private readonly EventParser _parser = new();
    private readonly ChannelDumps _dumps;
    private readonly InputBinding _binding;
    private readonly TimeProvider _time;
    private volatile EslInputConfiguration _configuration;
    private volatile InputState _state;

    public EslInput(EslInputConfiguration configuration, EventPipeline pipeline, TimeProvider time, ILogger<EslInput> logger)
    {
        _pipeline = pipeline;
        _logger = logger;
        _time = time;
        _state = new InputState(false, time.GetUtcNow(), null);
        _configuration = configuration;
        ReportPlan plan = new(configuration.Reports);
        _binding = new InputBinding(configuration.Identity, plan) { IsSingleSwitch = true };
        _dumps = new ChannelDumps(pipeline, _binding);
        EslClientOptions options = new()
        {
            Endpoint = new EslEndpoint(configuration.Server, configuration.Port, configuration.User, configuration.Password),
            Subscription = Subscribe(configuration, plan),
        };
        _client = new EslClient(options, this, time);
    }

    public InputConfiguration Configuration => _configuration;

    public InputBinding Binding => _binding;

    public InputState State => _state;

    public Task RunAsync(CancellationToken cancellationToken) => _client.RunAsync(cancellationToken);

    /// <summary>Applies new report options, and changes the subscription accordingly.</summary>
    public async Task<bool> TryApplyAsync(InputConfiguration next, CancellationToken cancellationToken)
    {
        if (next is not EslInputConfiguration configuration || !configuration.IsSameConnection(_configuration))
        {
            return false;
        }

        ReportPlan plan = new(configuration.Reports);
        _configuration = configuration;
        lock (_pipeline.Gate)
        {
            _binding.Plan = plan;
        }

        await _client.ChangeSubscriptionAsync(Subscribe(configuration, plan), cancellationToken);
        return true;
    }

    public void OnConnected(in EslConnected connected)
    {
        _state = _state.Next(true, null, _time.GetUtcNow());
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
        lock (_pipeline.Gate)
        {
            if (!isEvent)
            {
                _pipeline.CountMalformed(_binding, rejection);
            }
            else if (_pipeline.Process(e, _binding))
            {
                _client.HintChannel(e.Get(isLog ? KnownHeader.UserData : KnownHeader.UniqueId).Raw);
            }
        }
    }

    public void OnBatchEnd()
    {
        lock (_pipeline.Gate)
        {
            _pipeline.EndBatch();
        }
    }

    public void OnRefused(string message) => Log.EslRefused(_logger, message);

    public void OnDisconnected(in EslDisconnected disconnected)
    {
        _state = _state.Next(false, disconnected.Message, _time.GetUtcNow());
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
            Log.EslRebuildFailed(_logger, _binding.Name, result.Outcome.Message);
        }
        else if (result.Listed > 0)
        {
            Log.EslRebuilt(_logger, _binding.Name, result.Listed, result.Dumped);
        }
    }

    public void Tick()
    {
        // The client has its own timers.
    }

    public void Dispose() => _client.Dispose();

    private static EslSubscription Subscribe(EslInputConfiguration configuration, ReportPlan plan)
    {
        (IReadOnlyList<string> names, IReadOnlyList<string> subclasses) = plan.Subscription();
        return new EslSubscription(
            names,
            subclasses,
            configuration.Format,
            plan.LogLevel is int level ? LogLevels.Names[level] : null);
    }
}
