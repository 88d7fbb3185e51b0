namespace HepBridge.Commands.Checking;

/// <summary>Tries one thing of the configuration for real.</summary>
internal interface ICheck
{
    /// <summary>What is looked at, as the table names it.</summary>
    string Subject { get; }

    /// <summary>Looks; what is broken is a finding, only cancelling throws.</summary>
    Task RunAsync(FindingList findings, CancellationToken cancellationToken);
}
