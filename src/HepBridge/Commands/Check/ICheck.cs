namespace HepBridge.Commands.Check;

/// <summary>Tries one thing of the configuration for real.</summary>
internal interface ICheck
{
    /// <summary>What is looked at, as the table names it.</summary>
    string Subject { get; }

    /// <summary>Looks; what is broken is a finding, only cancelling throws.</summary>
    Task RunAsync(CheckResults results, CancellationToken cancellationToken);
}
