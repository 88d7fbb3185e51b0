namespace HepBridge.Configuration;

/// <summary>One object of an input section. Each kind of input has its own class.</summary>
internal abstract class InputConfiguration
{
    private ReportOptions _reports = null!;

    /// <summary>Sender identity and report options.</summary>
    public required ReportOptions Reports
    {
        get => _reports;
        init => _reports = value;
    }

    /// <summary>
    /// Names the input in logs, metrics and /health, and matches it to the running one after a reload: kind, address,
    /// port. Unique in a configuration.
    /// </summary>
    public abstract string Identity { get; }

    /// <summary>What it reads, for the startup summary: "the event socket 127.0.0.1:8021". No secrets.</summary>
    public abstract string Description { get; }

    /// <summary>
    /// How many copies of one FreeSWITCH event this input may receive: 1 for one connection, 0 if it receives no
    /// FreeSWITCH events. If the sum over all inputs exceeds 1, duplicates are filtered.
    /// </summary>
    public virtual int EventPaths => 1;

    /// <summary>Whether it receives UDP, which needs a large kernel buffer.</summary>
    public virtual bool ReceivesDatagrams => false;

    /// <summary>The same input for a command that only listens: it must take nothing from the agent.</summary>
    public virtual InputConfiguration ForListening(ReportOptions reports) => With(reports);

    public InputConfiguration With(ReportOptions reports)
    {
        InputConfiguration copy = (InputConfiguration)MemberwiseClone();
        copy._reports = reports;
        return copy;
    }
}
