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
        await Expect(page.Locator(".quality-summary")).ToContainTextAsync("What 10.99.0.1 heard from 10.99.0.11: MOS 1.83, 9.1 % lost.");
        await Expect(page.Locator(".legs li").First).ToContainTextAsync("bad");
        await Expect(page.Locator(".legs li").First).ToContainTextAsync(SampleSession.BadCallId);
        await Expect(page.Locator(".legs li").Last).ToContainTextAsync("good");
        await Expect(page.Locator(".timeline")).ToContainTextAsync("Talking");
        await Expect(page.Locator(".moments time")).ToHaveTextAsync([new Regex(@"^23:55:22\.\d{3}$"), new Regex(@"^23:55:22\."), new Regex(@"^23:55:22\."), new Regex(@"^23:55:44\.")]);
        await Expect(page.Locator(".moments time").First).ToHaveAttributeAsync("title", new Regex(@"^2026-11-21T23:55:22\.\d{3}Z$"));
    }

    [Fact]
    public async Task One_ladder_shows_all_legs_between_their_real_hosts_and_opens_each_message()
    {
        await using ViewerHost host = await SampleSession.HostAsync(SampleSession.Store());
        IPage page = await GotoAsync(await Browser.OpenAsync(), host);
        await OpenBadCallAsync(page);
        await Expect(page.Locator(".hosts .host")).ToHaveTextAsync(["10.99.0.11", "10.99.0.1", "10.99.0.15", "10.99.0.2"]);
        await Expect(page.Locator(".row.sip")).ToHaveCountAsync(16);
        string[] times = await page.Locator(".ladder > li > .row .time").EvaluateAllAsync<string[]>("rows => rows.map(r => r.firstChild.textContent)");
        Assert.Equal(times.Order(StringComparer.Ordinal), times);

        ILocator invite = page.Locator(".row.sip").First;
        await invite.ClickAsync();
        await Expect(invite).ToHaveAttributeAsync("aria-expanded", "true");
        await Expect(page.Locator(".packet pre").First).ToContainTextAsync("m=audio 30022 RTP/AVP");
        await page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await page.GetByRole(AriaRole.Button, new() { Name = "Copy", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Copied" })).ToBeVisibleAsync();
        Assert.StartsWith("INVITE sip:1005@10.99.0.1 SIP/2.0\r\n", (await page.EvaluateAsync<string>("navigator.clipboard.readText()")).Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\n", "\r\n", StringComparison.Ordinal), StringComparison.Ordinal);

        await page.Locator(".chips").GetByText("Leg A").ClickAsync();
        await Expect(page.Locator(".row.sip")).ToHaveCountAsync(6);
        await page.Locator(".chips").GetByText("SIP 6").ClickAsync();
        await Expect(page.Locator(".row.sip")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Media_reports_are_one_bar_per_stream_that_expands_to_the_reports()
    {
        await using ViewerHost host = await SampleSession.HostAsync(SampleSession.Store());
        IPage page = await GotoAsync(await Browser.OpenAsync(), host);
        await OpenBadCallAsync(page);
        await Expect(page.Locator(".row.media")).ToHaveCountAsync(3);
        await Expect(page.Locator(".row.rtcp")).ToHaveCountAsync(0);
        ILocator bad = page.Locator(".row.media.alert");
        await Expect(bad).ToContainTextAsync("MOS 1.83");
        await Expect(bad).ToContainTextAsync("loss up to 14 %");
        await Expect(bad).ToContainTextAsync("jitter up to 26.6 ms");
        await bad.ClickAsync();
        await Expect(page.Locator(".children .row.qos")).ToHaveCountAsync(1);
        await page.Locator(".children .row.rtcp").First.ClickAsync();
        await Expect(page.Locator(".children .packet pre").First).ToContainTextAsync("\"fraction_lost\":");
    }

    [Fact]
    public async Task Digits_fold_into_one_note_and_a_text_search_finds_messages()
    {
        await using ViewerHost host = await SampleSession.HostAsync(SampleSession.Store());
        IPage page = await GotoAsync(await Browser.OpenAsync(), host);
        await page.GetByRole(AriaRole.Searchbox).FillAsync("c46b3a2eb8497a01");
        await Expect(page.Locator(Rows)).ToHaveCountAsync(1);
        await page.Locator(Rows + " a").ClickAsync();
        await Expect(page.Locator(".row.dtmf")).ToHaveTextAsync([new Regex("DTMF 1234#")]);
        await page.Locator(".row.dtmf").ClickAsync();
        await Expect(page.Locator(".children .row.dtmf")).ToHaveCountAsync(5);

        await page.Locator("#find").FillAsync("digest username");
        await Expect(page.Locator(".ladder > li")).ToHaveCountAsync(1);
        await Expect(page.Locator(".ladder .row")).ToContainTextAsync("INVITE");
        await page.Locator("#find").FillAsync("fraction_lost");
        await Expect(page.Locator(".row.rtcp").First).ToBeVisibleAsync();
        await page.Locator("#find").FillAsync("");
        await Expect(page.Locator(".row.sip")).ToHaveCountAsync(17);
    }

    [Fact]
    public async Task The_charts_have_a_curve_per_direction_and_a_table()
    {
        await using ViewerHost host = await SampleSession.HostAsync(SampleSession.Store());
        IPage page = await GotoAsync(await Browser.OpenAsync(), host);
        await OpenBadCallAsync(page);
        await Expect(page.Locator(".chart")).ToHaveCountAsync(3);
        await Expect(page.Locator(".chart").First.Locator("polyline")).ToHaveCountAsync(3);
        await Expect(page.Locator(".chart").First.Locator("svg")).ToHaveAttributeAsync("aria-label", new Regex("Loss in %.*at most"));
        await page.GetByText("Reports as a table").ClickAsync();
        await Expect(page.Locator(".behind tbody tr")).ToHaveCountAsync(33);
    }

    [Fact]
    public async Task An_exported_call_can_be_imported_into_another_viewer()
    {
        await using ViewerHost first = await SampleSession.HostAsync(SampleSession.Store());
        IPage page = await GotoAsync(await Browser.OpenAsync(), first);
        await OpenBadCallAsync(page);
        await Expect(page.Locator(".row.sip")).ToHaveCountAsync(16);
        IDownload text = await page.RunAndWaitForDownloadAsync(() => page.GetByLabel("Export Text").ClickAsync());
        Assert.StartsWith("Call 1000 → 1005, 2026-11-21 23:55:22", await File.ReadAllTextAsync(await text.PathAsync(), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        IDownload json = await page.RunAndWaitForDownloadAsync(() => page.GetByLabel("Export JSON").ClickAsync());
        Assert.EndsWith(".json", json.SuggestedFilename, StringComparison.Ordinal);
        IDownload hep = await page.RunAndWaitForDownloadAsync(() => page.GetByLabel("Export HEP3").ClickAsync());
        string file = Path.Combine(Path.GetTempPath(), $"viewer-{Guid.NewGuid():N}.hep");
        await hep.SaveAsAsync(file);
        try
        {
            await using ViewerHost second = await SampleSession.HostAsync(new CallStore(), allowImport: true);
            await GotoAsync(page, second);
            await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Import" })).ToBeVisibleAsync();
            await page.Locator("#import").SetInputFilesAsync(file);
            await Expect(page.Locator(Rows)).ToHaveCountAsync(1);
            await Expect(page.Locator(Rows).Filter(new() { HasText = "1.83" })).ToHaveCountAsync(1);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
