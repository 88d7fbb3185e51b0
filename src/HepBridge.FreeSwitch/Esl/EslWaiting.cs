namespace HepBridge.FreeSwitch.Esl;

/// <summary>How a connection waits for data.</summary>
public enum EslWaiting
{
    /// <summary>On the runtime's socket thread and the thread pool: for requests and replies.</summary>
    ThreadPool,

    /// <summary>
    /// In the kernel, on the connection's own thread, without the runtime's socket thread: for a stream of events. At a few thousand a second,
    /// events arrive one at a time, and two extra thread hops cost more than processing one.
    /// </summary>
    OwnThread,
}
