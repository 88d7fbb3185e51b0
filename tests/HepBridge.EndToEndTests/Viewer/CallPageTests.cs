using System.Text.RegularExpressions;
using HepBridge.Collector.Store;
using HepBridge.Collector.Web;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace HepBridge.EndToEndTests.Viewer;

/// <summary>One call: its legs, ladder, charts and export.</summary>
public sealed class CallPageTests(BrowserFixture browser) : PageTests(browser)
{
    [Fact]
    public async Task The_bad_leg_of_a_bad_call_is_three_clicks_away()
    {
        await using ViewerHost host = await SampleSession.HostAsync(SampleSession.Store());
        IPage page = await GotoAsync(await Browser.OpenAsync(), host);
        await OpenBadCallAsync(page);
        await Expect(page.Locator(".verdict")).ToContainTextAsync("What 10.99.0.1 heard from 10.99.0.11: MOS 1.83, 9.1 % lost.");
        await Expect(page.Locator(".legs li").First).ToContainTextAsync("bad");
        await Expect(page.Locator(".legs li").Last).ToContainTextAsync("good");
        await page.Locator(".legs a").Last.ClickAsync();
        await Expect(page.Locator(".ids")).Not.ToContainTextAsync(SampleSession.BadCallId);
        await Expect(page.Locator(".legs a").Last).ToHaveAttributeAsync("aria-current", "true");
    }

    [Fact]
    public async Task The_ladder_shows_all_kinds_in_the_order_of_time_and_opens_each()
    {
        await using ViewerHost host = await SampleSession.HostAsync(SampleSession.Store());
        IPage page = await GotoAsync(await Browser.OpenAsync(), host);
        await OpenBadCallAsync(page);
        await Expect(page.Locator(".hosts .host")).ToHaveTextAsync(["10.99.0.11", "10.99.0.1"]);
        string[] times = await page.Locator(".row .time").EvaluateAllAsync<string[]>("rows => rows.map(r => r.firstChild.textContent)");
        Assert.Equal(45, times.Length);
        Assert.Equal(times.Order(StringComparer.Ordinal), times);

        ILocator invite = page.Locator(".row.sip").First;
        await invite.ClickAsync();
        await Expect(invite).ToHaveAttributeAsync("aria-expanded", "true");
        await Expect(page.Locator(".packet pre").First).ToContainTextAsync("m=audio 30022 RTP/AVP");
        await page.Locator(".row.rtcp").First.ClickAsync();
        await Expect(page.Locator("li:has(.row.rtcp) .packet pre").First).ToContainTextAsync("\"fraction_lost\": 0");

        await page.GetByRole(AriaRole.Button, new() { Name = "RTCP 24" }).ClickAsync();
        await Expect(page.Locator(".row:not(.rtcp)")).ToHaveCountAsync(21);
        await page.GetByRole(AriaRole.Button, new() { Name = "All legs together" }).ClickAsync();
        await Expect(page.Locator(".row.sip")).ToHaveCountAsync(16);
    }

    [Fact]
    public async Task The_charts_have_a_curve_for_each_direction_and_the_table_behind()
    {
        await using ViewerHost host = await SampleSession.HostAsync(SampleSession.Store());
        IPage page = await GotoAsync(await Browser.OpenAsync(), host);
        await OpenBadCallAsync(page);
        await Expect(page.Locator(".chart")).ToHaveCountAsync(3);
        await Expect(page.Locator(".chart").First.Locator("polyline")).ToHaveCountAsync(2);
        await Expect(page.Locator(".chart").First.Locator("svg")).ToHaveAttributeAsync("aria-label", new Regex("Loss in %.*at most"));
        await page.GetByText("The reports behind the curves").ClickAsync();
        await Expect(page.Locator(".behind tbody tr")).ToHaveCountAsync(24);
    }

    [Fact]
    public async Task An_exported_call_can_be_imported_into_another_viewer()
    {
        await using ViewerHost first = await SampleSession.HostAsync(SampleSession.Store());
        IPage page = await GotoAsync(await Browser.OpenAsync(), first);
        await OpenBadCallAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "All legs together" }).ClickAsync();
        await Expect(page.Locator(".row.sip")).ToHaveCountAsync(16);
        IDownload json = await page.RunAndWaitForDownloadAsync(() => page.GetByText("Export JSON").ClickAsync());
        Assert.EndsWith(".json", json.SuggestedFilename, StringComparison.Ordinal);
        IDownload hep = await page.RunAndWaitForDownloadAsync(() => page.GetByText("Export HEP3").ClickAsync());
        string file = Path.Combine(Path.GetTempPath(), $"viewer-{Guid.NewGuid():N}.hep");
        await hep.SaveAsAsync(file);
        try
        {
            await using ViewerHost second = await SampleSession.HostAsync(new CallStore(), allowImport: true);
            await GotoAsync(page, second);
            await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Import" })).ToBeVisibleAsync();
            await page.Locator("#import").SetInputFilesAsync(file);
            await Expect(page.Locator(Rows)).ToHaveCountAsync(2);
            await Expect(page.Locator(Rows).Filter(new() { HasText = "1.83" })).ToHaveCountAsync(1);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
