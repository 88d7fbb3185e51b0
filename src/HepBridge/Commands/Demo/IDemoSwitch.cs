using HepBridge.Configuration;
using HepBridge.Hosting;

namespace HepBridge.Commands.Demo;

/// <summary>The demo's recorded switch: how the agent receives it, and its playback.</summary>
internal interface IDemoSwitch : IDisposable
{
    /// <summary>Kind and address.</summary>
    string Name { get; }

    /// <summary>The agent's input for it.</summary>
    InputConfiguration Input(ReportOptions reports);

    /// <summary>Plays the recording once; returns when the agent has received all of it.</summary>
    Task PlayAsync(Agent agent, CancellationToken cancellationToken);
}
