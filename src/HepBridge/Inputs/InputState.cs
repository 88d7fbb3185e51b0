using HepBridge.Collector.Printing;

namespace HepBridge.Inputs;

/// <summary>Whether an input's events can come.</summary>
/// <param name="IsUp">Connected, or joined: in one place at least.</param>
/// <param name="Since">Since when that is so.</param>
/// <param name="Problem">What is wrong and what to do, in one sentence; null: nothing is known to be. An input that is up may have one too.</param>
internal sealed record InputState(bool IsUp, DateTimeOffset Since, string? Problem)
{
    /// <summary>A switch's answer may be part of it: made visible for whoever shows it.</summary>
    public string? Problem { get; init; } = Problem is null ? null : VisibleText.Line(Problem);

    /// <summary>The state that follows; the time of a change only moves with <see cref="IsUp"/>.</summary>
    public InputState Next(bool isUp, string? problem, DateTimeOffset now) => new(isUp, isUp == IsUp ? Since : now, problem);
}
