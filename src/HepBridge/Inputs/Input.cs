using System.Globalization;
using HepBridge.Configuration;
using HepBridge.Pipeline;
using HepBridge.Reports;

namespace HepBridge.Inputs;

/// <summary>
/// An input whose reload replaces its configuration and its reports' plan, as long as it reads from the same source. <c>isTrusted</c> and the rest: see
/// <see cref="InputBinding"/>.
/// </summary>
internal abstract class Input<TConfiguration>(
    TConfiguration configuration, EventPipeline pipeline, TimeProvider time, bool isTrusted = true, bool isSingleSwitch = false, Action<long>? settled = null)
    : IInput
    where TConfiguration : InputConfiguration
{
    private volatile TConfiguration _configuration = configuration;
    private volatile InputState _state = new(false, time.GetUtcNow(), null);

    public TConfiguration Configuration => _configuration;

    InputConfiguration IInput.Configuration => _configuration;

    public InputBinding Binding { get; } = new(configuration.Identity, new ReportPlan(configuration.Reports))
    {
        IsTrusted = isTrusted,
        IsSingleSwitch = isSingleSwitch,
        Settled = settled,
    };

    public virtual InputState State => _state;

    public virtual string UpWord => "connected";

    public virtual IEnumerable<(string Reason, long Count)> Refused => [];

    protected EventPipeline Pipeline => pipeline;

    protected TimeProvider Time => time;

    public abstract Task RunAsync(CancellationToken cancellationToken);

    public virtual Task<bool> TryApplyAsync(InputConfiguration next, CancellationToken cancellationToken) => Task.FromResult(TryApply(next));

    public virtual void Tick()
    {
    }

    public void Dispose() => OnEnded();

    /// <summary>Whether a configuration needs no new input: it reads from the same source.</summary>
    protected abstract bool ReadsTheSame(TConfiguration next);

    /// <summary>Another configuration has taken effect. Under the pipeline's lock.</summary>
    protected virtual void OnApplied()
    {
    }

    /// <summary>Nothing more is read: <see cref="RunAsync"/> has closed the source.</summary>
    protected virtual void OnEnded()
    {
    }

    protected bool TryApply(InputConfiguration next)
    {
        if (next is not TConfiguration configuration || !ReadsTheSame(configuration))
        {
            return false;
        }

        ReportPlan plan = new(configuration.Reports);
        lock (pipeline.Gate)
        {
            _configuration = configuration;
            Binding.Plan = plan;
            OnApplied();
        }

        return true;
    }

    protected void SetState(bool isUp, string? problem) => _state = _state.Next(isUp, problem, time.GetUtcNow());

    /// <summary><see cref="Refused"/> as a text for the log.</summary>
    protected string DescribeRefused()
    {
        string text = string.Join(", ", Refused.Select(refused => string.Create(CultureInfo.InvariantCulture, $"{refused.Reason} {refused.Count}")));
        return text.Length == 0 ? "none" : text;
    }
}
