using HepBridge.Pipeline;

namespace HepBridge.Inputs;

/// <summary>A source of events. It produces events and passes them to the pipeline, nothing else.</summary>
internal interface IInput : IDisposable
{
    /// <summary>Identifies the input across reloads: kind, address, port.</summary>
    string Identity { get; }

    /// <summary>The pipeline's view of this input.</summary>
    InputBinding Binding { get; }

    /// <summary>Whether it is connected or joined.</summary>
    bool IsUp { get; }

    /// <summary>Its state, since when, and what is wrong.</summary>
    InputState State { get; }

    /// <summary>Called four times a second for time-based work.</summary>
    void Tick();

    /// <summary>Runs until cancelled; no failure of a switch or a network ends it.</summary>
    Task RunAsync(CancellationToken cancellationToken);
}
