using HepBridge.Collector.Printing;

namespace HepBridge.Inputs;

/// <summary>State of an input.</summary>
/// <param name="IsUp">Connected, or joined on at least one interface.</param>
/// <param name="Since">When <paramref name="IsUp"/> last changed.</param>
/// <param name="Problem">What is wrong and how to fix it, in one sentence; null if nothing is. An input that is up may have a problem, too.</param>
internal sealed record InputState(bool IsUp, DateTimeOffset Since, string? Problem)
{
    /// <summary>Control characters are escaped: it may contain a switch's answer.</summary>
    public string? Problem { get; init; } = Problem is null ? null : VisibleText.Line(Problem);

    /// <summary>The next state; <see cref="Since"/> only changes with <see cref="IsUp"/>.</summary>
    public InputState Next(bool isUp, string? problem, DateTimeOffset now) => new(isUp, isUp == IsUp ? Since : now, problem);
}
