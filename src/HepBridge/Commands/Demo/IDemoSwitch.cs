using HepBridge.Configuration;
using HepBridge.Hosting;

namespace HepBridge.Commands.Demo;

/// <summary>The recorded switch of the demo: what the bridge has to be told to hear it, and its playing.</summary>
internal interface IDemoSwitch : IDisposable
{
    /// <summary>What it is and where.</summary>
    string Name { get; }

    /// <summary>The bridge's input for it.</summary>
    InputConfiguration Input(ReportOptions reports);

    /// <summary>Plays the recording once; ends when the bridge has taken in all of it.</summary>
    Task PlayAsync(Agent agent, CancellationToken cancellationToken);
}
