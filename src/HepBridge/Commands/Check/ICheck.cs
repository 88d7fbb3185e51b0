namespace HepBridge.Commands.Check;

/// <summary>Tests one part of the configuration for real.</summary>
internal interface ICheck
{
    /// <summary>What is checked, as the table shows it.</summary>
    string Subject { get; }

    /// <summary>Runs the check; failures are results, only cancellation throws.</summary>
    Task RunAsync(CheckResults results, CancellationToken cancellationToken);
}
