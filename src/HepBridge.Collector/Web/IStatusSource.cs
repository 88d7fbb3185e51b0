namespace HepBridge.Collector.Web;

/// <summary>Tells the page how the agent is. Without one, those panels say that they are not available.</summary>
public interface IStatusSource
{
    /// <summary>The state now. Called from any thread, about once a second for each open page; must not contain a secret.</summary>
    AgentStatus Read();
}
