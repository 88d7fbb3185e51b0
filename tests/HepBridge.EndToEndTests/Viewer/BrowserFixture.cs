using Microsoft.Playwright;

namespace HepBridge.EndToEndTests.Viewer;

/// <summary>One chromium for all tests in a browser: Debian's own, so that nothing is downloaded.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private const string Chromium = "/usr/bin/chromium";
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Chromium))
        {
            return;
        }

        // A busy machine with two cores needs longer than the usual 5 s.
        Assertions.SetDefaultExpectTimeout(15_000);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Chromium,
            // As root, in a container, chromium has no sandbox and little shared memory.
            // A call of Janus needs host candidates with their addresses, on this host's loopback too.
            Args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-features=WebRtcHideLocalIpsWithMdns"],
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    /// <summary>A fresh page of the given width; skips the test without chromium, or fails it where browser tests are required.</summary>
    internal async Task<IPage> OpenAsync(int width = 1440, int height = 900, ColorScheme scheme = ColorScheme.Light, string zone = "UTC")
    {
        if (_browser is null)
        {
            string reason = $"{Chromium} is missing: apt-get install chromium.";
            Assert.False(Environment.GetEnvironmentVariable("HEPBRIDGE_E2E") == "required", reason);
            Assert.Skip(reason);
        }

        IBrowserContext context = await _browser.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = scheme,
            TimezoneId = zone,
            Locale = "en-GB",
            AcceptDownloads = true,
        });
        return await context.NewPageAsync();
    }
}
