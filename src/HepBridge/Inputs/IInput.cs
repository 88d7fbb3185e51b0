using HepBridge.Collector.Printing;
using HepBridge.Configuration;
using HepBridge.FreeSwitch.Multicast;
using HepBridge.Pipeline;

namespace HepBridge.Inputs;

/// <summary>
/// Reads one source and passes its data to the pipeline under <see cref="EventPipeline.Gate"/>: FreeSWITCH events to
/// <see cref="EventPipeline.Process(in FreeSwitch.Events.FreeSwitchEvent, InputBinding)"/>, payloads that it built
/// itself to <see cref="EventPipeline.ProcessPayload"/>, whole HEP packets to <see
/// cref="EventPipeline.ProcessPacket"/>; then calls <see cref="EventPipeline.EndBatch"/>.
/// </summary>
internal interface IInput : IDisposable
{
    InputConfiguration Configuration { get; }

    /// <summary>Its name in logs, metrics and /health.</summary>
    string Identity => Configuration.Identity;

    /// <summary>The pipeline's view of it. Its name is <see cref="Identity"/>.</summary>
    InputBinding Binding { get; }

    /// <summary>Whether data can arrive: connected, joined, listening. Thread-safe.</summary>
    bool IsUp => State.IsUp;

    /// <summary>Whether data can arrive, since when, and what is wrong. Thread-safe.</summary>
    InputState State { get; }

    /// <summary><see cref="State"/>, or why the input is not running at all. Thread-safe.</summary>
    InputState CurrentState => Binding.Work?.Failure is { } failure ? new InputState(false, failure.Since, failure.Reason) : State;

    /// <summary>The word for being up, as in "not connected": connected, joined, listening.</summary>
    string UpWord => "connected";

    /// <summary>Data rejected before the pipeline saw it, by reason, since the start. Thread-safe.</summary>
    IEnumerable<(string Reason, long Count)> Refused => [];

    /// <summary>
    /// Applies the next configuration without dropping the connection. False if it cannot: a new input then replaces
    /// it. The configuration may be of another kind.
    /// </summary>
    Task<bool> TryApplyAsync(InputConfiguration next, CancellationToken cancellationToken);

    /// <summary>Called four times a second, for time-based work.</summary>
    void Tick();

    /// <summary>Runs until canceled. A failing peer, network or file never ends it: it logs, sets its state and retries.</summary>
    Task RunAsync(CancellationToken cancellationToken);
}

/// <summary>An input that tracks the switches behind it by their HEARTBEATs.</summary>
internal interface IPeerSource
{
    /// <summary>The switches seen, up or down. Requires the pipeline's lock.</summary>
    PeerTable Peers { get; }
}

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
