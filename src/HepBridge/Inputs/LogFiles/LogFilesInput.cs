using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.Hep;
using HepBridge.Outputs;
using HepBridge.Pipeline;
using HepBridge.Reports;
using Microsoft.Extensions.Logging;

namespace HepBridge.Inputs.LogFiles;

/// <summary>Follows the log files of one <c>logs_config</c> object: lines of a call become type 100 packets.</summary>
internal sealed class LogFilesInput : Input<LogFilesInputConfiguration>, ILogFileEvents
{
    private static readonly TimeSpan _pollInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _congestedPause = TimeSpan.FromMilliseconds(20);
    private readonly ILogger _log;
    private readonly List<LogFileReader> _readers = [];
    private readonly PositionKeeper _positions;
    private readonly FileChangeSignal _changes;

    public LogFilesInput(LogFilesInputConfiguration configuration, EventPipeline pipeline, TimeProvider time, ILogger<LogFilesInput> log)
        : base(configuration, pipeline, time)
    {
        _log = log;
        _positions = new PositionKeeper(configuration.StatePath is { } path ? new LogFilePositions(path) : null, log);
        _changes = new FileChangeSignal(problem => Log.PollingOnly(log, configuration.Identity, problem));
    }

    public override string UpWord => "following";

    public override IEnumerable<(string Reason, long Count)> Refused =>
        [("NoCall", _readers.Sum(reader => reader.WithoutCall)), ("CutLine", _readers.Sum(reader => reader.Cut))];

    public override async Task RunAsync(CancellationToken cancellationToken)
    {
        Open();
        try
        {
            _changes.Watch(_readers.Select(reader => reader.Directory));
            while (!cancellationToken.IsCancellationRequested)
            {
                bool more = ReadOnce();
                _positions.Save(isLast: false);
                if (!more)
                {
                    UpdateState();
                    await _changes.WaitAsync(_pollInterval, Time, cancellationToken);
                    _changes.Watch(_readers.Select(reader => reader.Directory));
                }

                while (IsCongested())
                {
                    // The lines are safe in their files; a full ring would drop them.
                    await Task.Delay(_congestedPause, Time, cancellationToken);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stop requested.
        }
        finally
        {
            // Lines already written are still sent while the outputs drain.
            _positions.Discard();
            ReadOnce();
            _positions.Save(isLast: true);
            _readers.ForEach(reader => reader.Dispose());
            lock (Pipeline.Gate)
            {
                _readers.Clear();
            }
        }
    }

    protected override void OnEnded() => _changes.Dispose();

    void ILogFileEvents.OnUnreadable(string path, string problem) => Log.LogFileUnreadable(_log, path, problem);

    void ILogFileEvents.OnFollowing(string path, long offset) => Log.LogFileFollowed(_log, path, offset);

    void ILogFileEvents.OnRotated(string path, bool isCovered)
    {
        if (isCovered)
        {
            Log.LogFileRotated(_log, path);
        }
        else
        {
            Log.LogFileGap(_log, path);
        }
    }

    protected override bool ReadsTheSame(LogFilesInputConfiguration next) => next.ReadsTheSame(Configuration);

    protected override void OnApplied()
    {
        for (int i = 0; i < _readers.Count; i++)
        {
            _readers[i].Source = Configuration.Sources[i];
        }
    }

    /// <summary>Loads the positions of the last run.</summary>
    internal void Open()
    {
        IReadOnlyList<LogFilePosition> positions = _positions.Load();
        lock (Pipeline.Gate)
        {
            _readers.AddRange(Configuration.Sources.Select(source => new LogFileReader(source, Configuration.MaxLine, positions, this, Time)));
        }
    }

    /// <summary>Reads one buffer of each file outside the pipeline's lock, then reports the lines under it. True if there may be more.</summary>
    internal bool ReadOnce()
    {
        bool more = false;
        foreach (LogFileReader reader in _readers)
        {
            more |= reader.Read();
        }

        lock (Pipeline.Gate)
        {
            foreach (LogFileReader reader in _readers)
            {
                foreach (LogLine line in reader.Lines)
                {
                    Report(line, reader.Source);
                }

                reader.Lines.Clear();
            }

            Pipeline.EndBatch();
            if (_readers.TrueForAll(reader => reader.Follower.IsSettled))
            {
                _positions.Note(_readers.SelectMany(reader => reader.Follower.Positions), Pipeline.Outputs);
            }
        }

        return more;
    }

    private void Report(in LogLine line, LogFileSource source)
    {
        if (!Configuration.ReportLines || line.Level > Configuration.Reports.LogLevel)
        {
            Pipeline.CountFiltered(Binding);
            return;
        }

        Pipeline.ProcessPayload(
            new ReadyPayload
            {
                Type = HepPayloadType.Log,
                Kind = PacketKind.Log,
                Form = PayloadForm.Text,
                CallId = line.CallId,
                ChannelUuid = line.Uuid,
                UnixMicroseconds = line.UnixMicroseconds,
                Source = source.Address,
                Destination = source.Address,
                Payload = line.Text,
                Tail = line.Tail,
            },
            Binding);
    }

    // Whether every output that queues has its rings half full.
    private bool IsCongested()
    {
        bool queues = false;
        foreach (IOutput output in Pipeline.Outputs)
        {
            OutputState state = output.State;
            if (state.RingCapacity > 0 && state.RingBytes < state.RingCapacity / 2)
            {
                return false;
            }

            queues |= state.RingCapacity > 0;
        }

        return queues;
    }

    private void UpdateState()
    {
        bool isUp = _readers.Exists(reader => reader.Follower.Following > 0);
        string? problem = _readers.Select(reader => reader.Problem).FirstOrDefault(text => text is not null);
        SetState(isUp, problem);
    }
}
