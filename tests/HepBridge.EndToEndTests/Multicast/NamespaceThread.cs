using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace HepBridge.EndToEndTests.Multicast;

/// <summary>Runs asynchronous work on one thread in a network namespace: every await returns to it, so all sockets are opened there.</summary>
internal static partial class NamespaceThread
{
    private const int NewNetwork = 0x40000000;

    public static Task RunAsync(string networkNamespace, Func<Task> work)
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Thread thread = new(() =>
        {
            try
            {
                Enter(networkNamespace);
                Pump pump = new();
                SynchronizationContext.SetSynchronizationContext(pump);
                Task task = work();
                pump.RunUntil(task);
                task.GetAwaiter().GetResult();
                done.SetResult();
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        })
        { IsBackground = true, Name = networkNamespace };
        thread.Start();
        return done.Task;
    }

    private static void Enter(string networkNamespace)
    {
        using SafeFileHandle handle = File.OpenHandle($"/run/netns/{networkNamespace}");
        if (SetNamespace(handle, NewNetwork) != 0)
        {
            throw new InvalidOperationException($"setns {networkNamespace}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(SafeHandle handle, int type);

    private sealed class Pump : SynchronizationContext
    {
        private readonly BlockingCollection<(SendOrPostCallback Callback, object? State)> _posted = [];

        public override void Post(SendOrPostCallback d, object? state) => _posted.Add((d, state));

        public void RunUntil(Task task)
        {
            // Never completed for adding: a late continuation of something canceled may still post.
            task.ContinueWith(_ => _posted.Add((static _ => { }, null)), TaskScheduler.Default);
            while (!task.IsCompleted)
            {
                (SendOrPostCallback callback, object? state) = _posted.Take();
                callback(state);
            }
        }
    }
}
