using System.Collections.Concurrent;
using HepBridge.Collector.Web;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace HepBridge.EndToEndTests.Viewer;

/// <summary>Tests of the page in a real browser: a script error, a dialog or a violation of the page's own policy fails them.</summary>
[Collection(nameof(InBrowser))]
public abstract class PageTests(BrowserFixture browser) : IAsyncDisposable
{
    /// <summary>The rows of the list of calls.</summary>
    protected const string Rows = "table.list tr.call-row";

    private readonly ConcurrentQueue<string> _problems = [];
    private readonly HashSet<IPage> _pages = [];

    protected BrowserFixture Browser { get; } = browser;

    public async ValueTask DisposeAsync()
    {
        foreach (IPage page in _pages)
        {
            await page.Context.CloseAsync();
        }

        GC.SuppressFinalize(this);
        Assert.Empty(_problems);
    }

    /// <summary>Navigates to a route of the page, and monitors the page from then on.</summary>
    protected async Task<IPage> GotoAsync(IPage page, ViewerHost host, string route = "")
    {
        if (_pages.Add(page))
        {
            page.PageError += (_, error) => _problems.Enqueue(error);
            page.Dialog += (_, dialog) => _problems.Enqueue("A dialog: " + dialog.Message);
            page.Console += (_, message) =>
            {
                if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
                {
                    _problems.Enqueue(message.Text);
                }
            };
        }

        await page.GotoAsync(new Uri(host.Address, route).ToString());
        return page;
    }

    /// <summary>From the list to the call with the lowest MOS.</summary>
    protected static async Task OpenBadCallAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Bad audio" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "MOS", Exact = true }).ClickAsync();
        await Expect(page.Locator(Rows).First).ToContainTextAsync("1.83");
        await page.Locator(Rows + " a").First.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("1000 → 1005");
    }
}
