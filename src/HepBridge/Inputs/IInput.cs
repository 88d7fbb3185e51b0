using HepBridge.Configuration;
using HepBridge.FreeSwitch.Multicast;
using HepBridge.Pipeline;

namespace HepBridge.Inputs;

/// <summary>
/// Reads one source, and hands what it reads to the pipeline under <see cref="EventPipeline.Gate"/>: <see cref="EventPipeline.Process(in FreeSwitch.Events.FreeSwitchEvent, InputBinding)"/>
/// for FreeSWITCH events, <see cref="EventPipeline.ProcessPayload"/> for payloads that it made itself, <see cref="EventPipeline.ProcessPacket"/> for whole HEP packets, then <see cref="EventPipeline.EndBatch"/>.
/// </summary>
internal interface IInput : IDisposable
{
    /// <summary>The configuration in use.</summary>
    InputConfiguration Configuration { get; }

    /// <summary>Its name in logs, metrics and /health.</summary>
    string Identity => Configuration.Identity;

    /// <summary>What the pipeline knows of it. Its name is <see cref="Identity"/>.</summary>
    InputBinding Binding { get; }

    /// <summary>Whether data can arrive: connected, joined, listening. From any thread.</summary>
    bool IsUp => State.IsUp;

    /// <summary>Whether data can arrive, since when, and what is wrong. Thread-safe.</summary>
    InputState State { get; }

    /// <summary><see cref="State"/>, or why the input isn't running at all. From any thread.</summary>
    InputState CurrentState => Binding.Work?.Failure is { } failure ? new InputState(false, failure.Since, failure.Reason) : State;

    /// <summary>The word for being up, as in "not connected": connected, joined, listening.</summary>
    string UpWord => "connected";

    /// <summary>What it refused before the pipeline saw it, by reason, counted since the start. From any thread.</summary>
    IEnumerable<(string Reason, long Count)> Refused => [];

    /// <summary>
    /// Takes over the next configuration without dropping its connection; false: it can't, and is replaced by a new input.
    /// The configuration may be of another kind.
    /// </summary>
    Task<bool> TryApplyAsync(InputConfiguration next, CancellationToken cancellationToken);

    /// <summary>Called four times a second, for time-based work.</summary>
    void Tick();

    /// <summary>Works until the token is canceled. A failing peer, network or file never ends it: it logs, sets its state and retries.</summary>
    Task RunAsync(CancellationToken cancellationToken);
}

/// <summary>An input that tracks the switches behind it by their HEARTBEATs.</summary>
internal interface IPeerSource
{
    /// <summary>The switches seen, up or down. Under the pipeline's lock.</summary>
    IReadOnlyCollection<Peer> Peers { get; }

    /// <summary>How many of them are up. Under the pipeline's lock.</summary>
    int PeersUp { get; }
}
