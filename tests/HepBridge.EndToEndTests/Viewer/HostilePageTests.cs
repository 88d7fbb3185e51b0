using HepBridge.Collector.Store;
using HepBridge.Collector.Web;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace HepBridge.EndToEndTests.Viewer;

/// <summary>Data from strangers remains text on every page.</summary>
public sealed class HostilePageTests(BrowserFixture browser) : PageTests(browser)
{
    [Fact]
    public async Task Hostile_payloads_stay_text()
    {
        CallStore store = new();
        foreach (byte[] packet in HostilePackets.All())
        {
            store.Add(packet);
        }

        await using ViewerHost host = await SampleSession.HostAsync(store, status: new HostileStatus());
        IPage page = await GotoAsync(await Browser.OpenAsync(360, 780), host, "#/calls");
        await page.Locator("#kind").SelectOptionAsync("all");
        await Expect(page.Locator(Rows)).ToHaveCountAsync(3);
        await page.ScreenshotAsync(new() { Path = Screenshots.Path("hostile-calls"), FullPage = true });
        int calls = await page.Locator(Rows).CountAsync();
        for (int i = 0; i < calls; i++)
        {
            await page.Locator(Rows + " .opens").Nth(i).ClickAsync();
            await NothingRanAsync(page);
            await page.Locator(Rows + " a").Nth(i).ClickAsync();
            await Expect(page.Locator(".row").First).ToBeVisibleAsync();
            foreach (string closed in (string[])[".group > .row", "li:not(.group) > .row"])
            {
                foreach (ILocator row in await page.Locator(closed).AllAsync())
                {
                    await row.ClickAsync();
                }
            }

            await Expect(page.Locator(".packet pre")).ToHaveCountAsync(await page.Locator("li:not(.group) > .row").CountAsync());
            await NothingRanAsync(page);
            await page.ScreenshotAsync(new() { Path = Screenshots.Path($"hostile-{i}"), FullPage = true });
            await page.GetByText("← Calls").ClickAsync();
            await Expect(page.Locator(Rows)).ToHaveCountAsync(calls);
        }

        await GotoAsync(page, host, "#/agent");
        await Expect(page.Locator("table").First).ToBeVisibleAsync();
        await NothingRanAsync(page);
        await GotoAsync(page, host, "#/peers");
        await Expect(page.Locator("table").First).ToBeVisibleAsync();
        await NothingRanAsync(page);
    }

    private static async Task NothingRanAsync(IPage page)
    {
        Assert.False(await page.EvaluateAsync<bool>("'pwned' in window"));
        Assert.Equal(0, await page.Locator("main script, main iframe, main img, main object, main [onerror], main [onload]").CountAsync());
        Assert.Equal(0, await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth"));
    }
}
