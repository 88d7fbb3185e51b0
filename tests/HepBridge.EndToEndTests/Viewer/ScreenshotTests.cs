using HepBridge.Collector.Store;
using HepBridge.Collector.Web;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace HepBridge.EndToEndTests.Viewer;

/// <summary>Every page in three widths and both themes, stored in artifacts/screenshots for review; none may be wider than its window.</summary>
[Collection(nameof(InBrowser))]
public sealed class ScreenshotTests(BrowserFixture browser)
{
    [Theory]
    [InlineData(360, ColorScheme.Light)]
    [InlineData(360, ColorScheme.Dark)]
    [InlineData(768, ColorScheme.Light)]
    [InlineData(768, ColorScheme.Dark)]
    [InlineData(1024, ColorScheme.Light)]
    [InlineData(1440, ColorScheme.Light)]
    [InlineData(1440, ColorScheme.Dark)]
    public async Task Every_page_fits_its_width(int width, ColorScheme scheme)
    {
        CallStore store = SampleSession.Store();
        await using ViewerHost host = await SampleSession.HostAsync(store, allowImport: true, status: new SampleStatus());
        IPage page = await browser.OpenAsync(width, width < 500 ? 780 : 900, scheme);
        await page.GotoAsync(host.Address.ToString());
        await Expect(page.Locator("table.list tr.call-row").First).ToBeVisibleAsync();
        await page.Locator(".opens").First.ClickAsync();
        await Expect(page.Locator(".legs-row li").First).ToBeVisibleAsync();
        await KeepAsync(page, "calls", width, scheme);
        Assert.InRange(await page.Locator(".c-who").First.EvaluateAsync<int>("cell => cell.offsetWidth"), 150, 600);

        await page.GetByRole(AriaRole.Searchbox).FillAsync(SampleSession.BadCallId);
        await Expect(page.Locator("table.list tr.call-row")).ToHaveCountAsync(1);
        await page.Locator("table.list tr.call-row a").First.ClickAsync();
        await Expect(page.Locator(".ladder li").First).ToBeVisibleAsync();
        await KeepAsync(page, "call", width, scheme);

        await page.Locator(".row.media").First.ClickAsync();
        await Expect(page.Locator(".children .row.rtcp").First).ToBeVisibleAsync();
        await page.Locator(".row.sip").First.ClickAsync();
        await Expect(page.Locator(".packet pre").First).ToBeVisibleAsync();
        await KeepAsync(page, "opened", width, scheme);

        foreach (string name in (string[])["peers", "agent"])
        {
            await page.GotoAsync(new Uri(host.Address, "#/" + name).ToString());
            await Expect(page.Locator("table").First).ToBeVisibleAsync();
            await KeepAsync(page, name, width, scheme);
        }
    }

    private static async Task KeepAsync(IPage page, string name, int width, ColorScheme scheme)
    {
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Screenshots.Path($"{name}-{width}-{scheme}"), FullPage = true });
        int over = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.Equal(0, over);
    }
}
