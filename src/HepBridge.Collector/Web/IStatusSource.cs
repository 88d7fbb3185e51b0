namespace HepBridge.Collector.Web;

/// <summary>Supplies the agent's state to the page. Without one, the page shows those panels as unavailable.</summary>
public interface IStatusSource
{
    /// <summary>The current state, without secrets. Called from any thread, about once a second for each open page.</summary>
    AgentStatus Read();
}
