using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.Outputs.Spooling;
using HepBridge.Outputs.Streams;
using Microsoft.Extensions.Logging;

namespace HepBridge.Outputs;

/// <summary>
/// All outputs of the agent. A reload replaces only those that changed. <c>exchange</c> sets the pipeline's outputs under its lock: once it returns, outputs that
/// were left out receive nothing more.
/// </summary>
internal sealed class OutputSet(OutputFactory factory, Action<IOutput[]> exchange, ILogger logger) : IAsyncDisposable
{
    private Entry[] _entries = [];

    /// <summary>The current outputs, in the configuration's order.</summary>
    public IReadOnlyList<IOutput> Outputs => Array.ConvertAll(Volatile.Read(ref _entries), entry => entry.Output);

    /// <summary>Creates the outputs of the first configuration.</summary>
    /// <exception cref="SpoolRefusedException">A spool is unusable; nothing was started.</exception>
    public async Task StartAsync(IReadOnlyList<HepOutputConfiguration> configurations)
    {
        List<Entry> entries = [];
        try
        {
            foreach (HepOutputConfiguration configuration in configurations)
            {
                entries.Add(new Entry(configuration, factory.Create(configuration)));
            }
        }
        catch (SpoolRefusedException)
        {
            foreach (Entry entry in entries)
            {
                await entry.Output.DisposeAsync();
            }

            throw;
        }

        Swap([.. entries]);
    }

    /// <summary>Applies a new configuration: keeps unchanged outputs, starts new ones, and drains removed ones until canceled.</summary>
    public async Task ApplyAsync(IReadOnlyList<HepOutputConfiguration> configurations, CancellationToken drainUntil)
    {
        List<Entry> gone = [.. _entries];
        List<Entry> next = [];
        List<Entry> made = [];
        foreach (HepOutputConfiguration configuration in configurations)
        {
            int same = gone.FindIndex(entry => entry.Configuration.IsSameAs(configuration));
            if (same >= 0)
            {
                next.Add(gone[same]);
                gone.RemoveAt(same);
                continue;
            }

            Entry entry = new(configuration, factory.CreateWithoutSpool(configuration));
            next.Add(entry);
            made.Add(entry);
        }

        Swap([.. next]);
        foreach (Entry entry in made)
        {
            entry.Output.Start();
        }

        // All at once, so that a stuck one does not use up the others' time.
        await Task.WhenAll(gone.Select(entry => entry.Output.DrainAsync(drainUntil)));
        foreach (Entry entry in gone)
        {
            await entry.Output.DisposeAsync();
        }

        // Only now: a replaced output may have held the spool that its successor continues.
        foreach (Entry entry in made)
        {
            AttachSpool(entry);
        }
    }

    /// <summary>Drains all at once until canceled.</summary>
    public Task DrainAsync(CancellationToken cancellationToken) => Task.WhenAll(_entries.Select(entry => entry.Output.DrainAsync(cancellationToken)));

    public async ValueTask DisposeAsync()
    {
        foreach (Entry entry in _entries)
        {
            await entry.Output.DisposeAsync();
        }
    }

    private void AttachSpool(Entry entry)
    {
        if (entry.Output is not StreamOutput stream || entry.Configuration.Spool is not { } spool)
        {
            return;
        }

        try
        {
            stream.AttachSpool(factory.OpenSpool(spool, stream));
        }
        catch (SpoolRefusedException e)
        {
            Log.SpoolNotAttached(logger, stream.Name, e.Message);
        }
    }

    private void Swap(Entry[] entries)
    {
        Volatile.Write(ref _entries, entries);
        exchange(Array.ConvertAll(entries, entry => entry.Output));
    }

    private sealed record Entry(HepOutputConfiguration Configuration, IOutput Output);
}
