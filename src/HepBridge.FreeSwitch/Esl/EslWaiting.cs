namespace HepBridge.FreeSwitch.Esl;

/// <summary>How a connection waits for what comes.</summary>
public enum EslWaiting
{
    /// <summary>By the runtime's socket thread and the thread pool: for dialogues.</summary>
    ThreadPool,

    /// <summary>
    /// A thread of its own waits in the kernel, and the runtime's socket thread is never told of the socket: for a stream of events. At a few
    /// thousand a second each comes alone, and to be woken by way of two other threads costs more than all that is done with it.
    /// </summary>
    OwnThread,
}
