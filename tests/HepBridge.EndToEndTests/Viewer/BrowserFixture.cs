using Microsoft.Playwright;

namespace HepBridge.EndToEndTests.Viewer;

/// <summary>One Chromium for all browser tests: Debian's own, so that nothing is downloaded.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private const string Chromium = "/usr/bin/chromium";
    private static readonly TimeSpan _closeTimeout = TimeSpan.FromSeconds(30);
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Chromium))
        {
            return;
        }

        // A busy two-core machine needs longer than the default 5 s.
        Assertions.SetDefaultExpectTimeout(15_000);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Chromium,
            // As root in a container, Chromium has no sandbox and little shared memory.
            // Janus needs ICE candidates with addresses instead of mDNS names.
            Args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-features=WebRtcHideLocalIpsWithMdns"],
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            // Playwright never answers once its driver has ended.
            await Task.WhenAny(_browser.CloseAsync(), Task.Delay(_closeTimeout));
        }

        _playwright?.Dispose();
    }

    /// <summary>Opens a page of the given width; skips the test without Chromium, or fails it if browser tests are required.</summary>
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
