using System.Text;
using System.Threading.Channels;
using HepBridge.Checks;
using HepBridge.Configuration;
using HepBridge.Configuration.Tables;
using HepBridge.Configuration.Values;
using HepBridge.Diagnostics;
using HepBridge.Hep;
using HepBridge.Hosting;
using HepBridge.Hosting.Telemetry;
using HepBridge.Inputs;
using HepBridge.Pipeline;
using HepBridge.Reports;

namespace HepBridge.Tests.Inputs.Seam;

/// <summary>One object of <c>pager_config</c>, a section that exists only in these tests.</summary>
internal sealed class PagerConfiguration : InputConfiguration
{
    public required int Desk { get; init; }

    public string Language { get; init; } = "en";

    public override string Identity => $"pager desk {Desk}";

    public override string Description => $"the pager of desk {Desk}";

    public override int EventPaths => 0;
}

/// <summary>Section <c>pager_config</c>.</summary>
internal static class PagerSection
{
    public static ValueKey<int> Desk { get; } = new("PAGER_DESK", NumericValues.Port, "1", "The desk.");

    public static ValueKey<string?> Language { get; } = new("language", TextValues.Line!, "en", "The language.");

    public static KeyGroup Group { get; } = new("`pager_config`: a pager", "", Desk, Language);

    public static InputSection Section { get; } = new("pager_config", Group, InputSection.Sender, (values, reports, _) =>
        new PagerConfiguration { Desk = values.Get(Desk), Language = values.Get(Language)!, Reports = reports });
}

internal sealed class PagerCheck(PagerConfiguration configuration) : ICheck
{
    public string Subject => configuration.Identity;

    public Task RunAsync(CheckResults findings, CancellationToken cancellationToken)
    {
        findings.Warning($"it speaks {configuration.Language}", "learn it");
        return Task.CompletedTask;
    }
}

/// <summary>An input that is not FreeSWITCH: tests call it, and each call becomes a line for the given Call-ID.</summary>
internal sealed class PagerInput(PagerConfiguration configuration, InputServices services) : IInput
{
    private readonly Channel<(byte[] CallId, byte[] Text)> _pages = Channel.CreateUnbounded<(byte[], byte[])>();
    private volatile PagerConfiguration _configuration = configuration;
    private volatile InputState _state = new(false, services.Time.GetUtcNow(), "The pager is off.");

    /// <summary>The one line that adds it to the agent.</summary>
    public static InputKind Kind { get; } = InputKind.Of<PagerConfiguration>(
        PagerSection.Section,
        (configuration, services) => new PagerInput(configuration, services),
        (configuration, _) => new PagerCheck(configuration),
        InputMetrics.Of<PagerInput>("hepbridge.pager.pages", MetricKind.Counter, "{page}", "Pages read.", input => input.Pages));

    public InputConfiguration Configuration => _configuration;

    public InputBinding Binding { get; } = new(configuration.Identity, new ReportPlan(configuration.Reports));

    public InputState State => _state;

    public string UpWord => "listening";

    public IEnumerable<(string Reason, long Count)> Refused => [("Illegible", 3)];

    public long Pages { get; private set; }

    public int Ticks { get; private set; }

    public bool IsDisposed { get; private set; }

    public string Language => _configuration.Language;

    public void Page(string callId, string text) => _pages.Writer.TryWrite((Encoding.UTF8.GetBytes(callId), Encoding.UTF8.GetBytes(text)));

    public Task<bool> TryApplyAsync(InputConfiguration next, CancellationToken cancellationToken)
    {
        if (next is not PagerConfiguration configuration || configuration.Identity != _configuration.Identity)
        {
            return Task.FromResult(false);
        }

        lock (services.Pipeline.Gate)
        {
            _configuration = configuration;
            Binding.Plan = new ReportPlan(configuration.Reports);
        }

        return Task.FromResult(true);
    }

    public void Tick() => Ticks++;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _state = Language == "none" ? _state : _state.Next(true, null, services.Time.GetUtcNow());
        try
        {
            await foreach ((byte[] callId, byte[] text) in _pages.Reader.ReadAllAsync(cancellationToken))
            {
                Pages++;
                lock (services.Pipeline.Gate)
                {
                    services.Pipeline.ProcessPayload(
                        new ReadyPayload { Type = HepPayloadType.Log, Kind = PacketKind.Log, CallId = callId, Payload = text, Tail = "; desk=1"u8 }, Binding);
                    services.Pipeline.EndBatch();
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stop requested.
        }
    }

    public void Dispose() => IsDisposed = true;
}
