using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.Outputs.Spooling;
using HepBridge.Outputs.Streams;
using Microsoft.Extensions.Logging;

namespace HepBridge.Outputs;

/// <summary>All outputs of the agent. They are exchanged one by one when the configuration changes.</summary>
/// <param name="factory">Makes them.</param>
/// <param name="exchange">Gives the pipeline its outputs, under its lock: those that are not among them get nothing any more when it returns.</param>
/// <param name="logger">For what goes wrong in a reload.</param>
internal sealed class OutputSet(OutputFactory factory, Action<IOutput[]> exchange, ILogger logger) : IAsyncDisposable
{
    private Entry[] _entries = [];

    /// <summary>The outputs now, in the configuration's order.</summary>
    public IReadOnlyList<IOutput> Outputs => Array.ConvertAll(Volatile.Read(ref _entries), entry => entry.Output);

    /// <summary>Makes the outputs of a first configuration.</summary>
    /// <exception cref="SpoolRefusedException">A spool can't be used; nothing was started.</exception>
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

    /// <summary>
    /// Goes over to a new configuration: what did not change is left alone, what is new receives from now on, what is gone is drained until the token
    /// ends.
    /// </summary>
    public async Task ApplyAsync(IReadOnlyList<HepOutputConfiguration> configurations, CancellationToken drainUntil)
    {
        List<Entry> gone = [.. _entries];
        List<Entry> next = [];
        List<(Entry Entry, Action Start)> made = [];
        foreach (HepOutputConfiguration configuration in configurations)
        {
            int same = gone.FindIndex(entry => entry.Configuration.IsSameAs(configuration));
            if (same >= 0)
            {
                next.Add(gone[same]);
                gone.RemoveAt(same);
                continue;
            }

            Entry entry = new(configuration, factory.CreateWithoutSpool(configuration, out Action start));
            next.Add(entry);
            made.Add((entry, start));
        }

        Swap([.. next]);
        foreach ((_, Action start) in made)
        {
            start();
        }

        // All at once: a stuck one takes nothing of the others' time.
        await Task.WhenAll(gone.Select(entry => entry.Output.DrainAsync(drainUntil)));
        foreach (Entry entry in gone)
        {
            await entry.Output.DisposeAsync();
        }

        // Only now: an output that was replaced may have held the very spool that its successor goes on with.
        foreach ((Entry entry, _) in made)
        {
            AttachSpool(entry);
        }
    }

    /// <summary>Drains all at once until the token ends.</summary>
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
