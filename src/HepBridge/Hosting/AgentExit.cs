namespace HepBridge.Hosting;

/// <summary>The process's exit code when the host has stopped.</summary>
internal sealed class AgentExit
{
    public int Code { get; set; }
}
