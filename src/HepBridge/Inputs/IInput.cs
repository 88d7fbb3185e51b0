using HepBridge.Pipeline;

namespace HepBridge.Inputs;

/// <summary>Where events come from. It makes events and hands them to the pipeline, nothing else.</summary>
internal interface IInput : IDisposable
{
    /// <summary>What makes it the same input after a reload: kind, address, port.</summary>
    string Identity { get; }

    /// <summary>What the pipeline knows of it.</summary>
    InputBinding Binding { get; }

    /// <summary>Whether events can come: connected, or joined.</summary>
    bool IsUp { get; }

    /// <summary>That, since when, and what stands in the way.</summary>
    InputState State { get; }

    /// <summary><see cref="State"/>, or why the input isn't running at all. From any thread.</summary>
    InputState CurrentState => Binding.Work?.Failure is { } failure ? new InputState(false, failure.Since, failure.Reason) : State;

    /// <summary>A few times a second: what happens by the passing of time.</summary>
    void Tick();

    /// <summary>Works until the token ends; no failure of a switch or a network ends it.</summary>
    Task RunAsync(CancellationToken cancellationToken);
}
