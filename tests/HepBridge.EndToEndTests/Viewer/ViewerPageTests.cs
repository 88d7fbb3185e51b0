using System.Collections.Concurrent;
using HepBridge.Viewer;
using HepBridge.Viewer.Store;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace HepBridge.EndToEndTests.Viewer;

/// <summary>What an engineer does with the page, in a real browser.</summary>
public sealed class ViewerPageTests(BrowserFixture browser) : IClassFixture<BrowserFixture>, IAsyncDisposable
{
    private const string Rows = "table.list tbody tr";
    private readonly ConcurrentQueue<string> _problems = [];
    private readonly HashSet<IPage> _pages = [];

    public async ValueTask DisposeAsync()
    {
        foreach (IPage page in _pages)
        {
            await page.Context.CloseAsync();
        }

        // A page that breaks its own policy, or whose script fails, is a failed test.
        Assert.Empty(_problems);
    }

    private async Task<IPage> GotoAsync(IPage page, ViewerHost host, string route = "")
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

    private static async Task OpenBadCallAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Bad only" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "MOS" }).ClickAsync();
        await Expect(page.Locator(Rows).First).ToContainTextAsync("1.83");
        await page.Locator(Rows + " a").First.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("1000 → 1005");
    }

    [Fact]
    public async Task The_bad_leg_of_a_bad_call_is_three_clicks_away()
    {
        await using ViewerHost host = await SampleSession.HostAsync(SampleSession.Store());
        IPage page = await GotoAsync(await browser.OpenAsync(), host);
        await OpenBadCallAsync(page);
        await Expect(page.Locator(".verdict")).ToContainTextAsync("What 10.99.0.1 heard from 10.99.0.11: MOS 1.83, 9.1 % lost.");
        await Expect(page.Locator(".legs li").First).ToContainTextAsync("bad");
        await Expect(page.Locator(".legs li").Last).ToContainTextAsync("good");
        await page.Locator(".legs a").Last.ClickAsync();
        await Expect(page.Locator(".ids")).Not.ToContainTextAsync(SampleSession.BadCallId);
        await Expect(page.Locator(".legs a").Last).ToHaveAttributeAsync("aria-current", "true");
    }

    [Theory]
    [InlineData("+15550199001", 2)]
    [InlineData("27ee1e46feb8", 1)]
    [InlineData("68b2144a-7cdd-4426", 1)]
    [InlineData("fd99::2", 1)]
    [InlineData("no such call", 0)]
    public async Task The_search_finds_number_call_id_uuid_and_address(string text, int calls)
    {
        await using ViewerHost host = await SampleSession.HostAsync(SampleSession.Store());
        IPage page = await GotoAsync(await browser.OpenAsync(), host);
        await page.GetByRole(AriaRole.Searchbox).FillAsync(text);
        await Expect(page.Locator(Rows)).ToHaveCountAsync(calls);
        await Expect(page.Locator(".summary")).ToContainTextAsync($"with “{text}”");
    }

    [Fact]
    public async Task New_calls_appear_by_themselves_and_not_while_paused()
    {
        CallStore store = new();
        await using ViewerHost host = await SampleSession.HostAsync(store);
        IPage page = await GotoAsync(await browser.OpenAsync(), host);
        await Expect(page.GetByText("No calls yet")).ToBeVisibleAsync();
        await Expect(page.Locator("#live")).ToHaveTextAsync("Live");
        SampleSession.Feed(store, SampleSession.Read());
        await Expect(page.Locator(Rows)).ToHaveCountAsync(30);

        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Expect(page.Locator(".summary")).ToContainTextAsync("paused");
        store.Add(HostilePackets.Event("CREATE 77777 → 1; callid=new@h uuid=n", "new@h"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await Expect(page.Locator(Rows)).ToHaveCountAsync(31);
        await Expect(page.Locator(Rows).GetByText("77777")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_page_stays_usable_while_packets_pour_in()
    {
        CallStore store = SampleSession.Store();
        await using ViewerHost host = await SampleSession.HostAsync(store);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Task flood = FloodAsync(host, stop.Token);
        IPage page = await GotoAsync(await browser.OpenAsync(), host);
        await Expect(page.Locator(".summary")).ToContainTextAsync(new System.Text.RegularExpressions.Regex("^[0-9]{3,} legs"));
        await page.GetByRole(AriaRole.Searchbox).FillAsync(SampleSession.BadCallId);
        await Expect(page.Locator(Rows)).ToHaveCountAsync(1);
        await page.Locator(Rows + " a").ClickAsync();
        await page.Locator(".row.sip").First.ClickAsync();
        await Expect(page.Locator(".packet pre").First).ToContainTextAsync("INVITE");
        await stop.CancelAsync();
        await flood;
        Assert.Equal(0, host.Intake.Dropped);
    }

    // 2,000 packets a second, twenty to a call.
    private static async Task FloodAsync(ViewerHost host, CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(10));
        for (int call = 0; !cancellationToken.IsCancellationRequested; call++)
        {
            string id = $"{call}@flood";
            host.Intake.Offer(HostilePackets.Event($"ANSWER {call} → 1; callid={id} uuid={call}", id));
            for (int i = 0; i < 19; i++)
            {
                host.Intake.Offer(HostilePackets.Rtcp(id));
            }

            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    [Fact]
    public async Task The_ladder_shows_all_kinds_in_the_order_of_time_and_opens_each()
    {
        await using ViewerHost host = await SampleSession.HostAsync(SampleSession.Store());
        IPage page = await GotoAsync(await browser.OpenAsync(), host);
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
        IPage page = await GotoAsync(await browser.OpenAsync(), host);
        await OpenBadCallAsync(page);
        await Expect(page.Locator(".chart")).ToHaveCountAsync(3);
        await Expect(page.Locator(".chart").First.Locator("polyline")).ToHaveCountAsync(2);
        await Expect(page.Locator(".chart").First.Locator("svg")).ToHaveAttributeAsync("aria-label", new System.Text.RegularExpressions.Regex("Loss in %.*at most"));
        await page.GetByText("The reports behind the curves").ClickAsync();
        await Expect(page.Locator(".behind tbody tr")).ToHaveCountAsync(24);
    }

    [Fact]
    public async Task An_exported_call_can_be_imported_into_another_viewer()
    {
        await using ViewerHost first = await SampleSession.HostAsync(SampleSession.Store());
        IPage page = await GotoAsync(await browser.OpenAsync(), first);
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

    [Fact]
    public async Task Hostile_payloads_stay_text()
    {
        CallStore store = new();
        foreach (byte[] packet in HostilePackets.All())
        {
            store.Add(packet);
        }

        await using ViewerHost host = await SampleSession.HostAsync(store, status: new HostileStatus());
        IPage page = await GotoAsync(await browser.OpenAsync(360, 780), host, "#/calls");
        await page.Locator("#kind").SelectOptionAsync("all");
        await Expect(page.Locator(Rows)).ToHaveCountAsync(3);
        await page.ScreenshotAsync(new() { Path = Screenshots.Path("hostile-calls"), FullPage = true });
        int calls = await page.Locator(Rows).CountAsync();
        for (int i = 0; i < calls; i++)
        {
            await page.Locator(Rows + " a").Nth(i).ClickAsync();
            await Expect(page.Locator(".row").First).ToBeVisibleAsync();
            foreach (ILocator row in await page.Locator(".row").AllAsync())
            {
                await row.ClickAsync();
            }

            await Expect(page.Locator(".packet pre")).ToHaveCountAsync(await page.Locator(".row").CountAsync());
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

    [Fact]
    public async Task Everything_can_be_done_with_the_keyboard()
    {
        await using ViewerHost host = await SampleSession.HostAsync(SampleSession.Store());
        IPage page = await GotoAsync(await browser.OpenAsync(), host);
        await Expect(page.Locator(Rows).First).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.Locator(".skip")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#main")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.GetByRole(AriaRole.Searchbox)).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync(SampleSession.BadCallId);
        await Expect(page.Locator(Rows)).ToHaveCountAsync(1);
        await PressUntilAsync(page, Rows + " a");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeFocusedAsync();
        await Expect(page.Locator(".row").First).ToBeVisibleAsync();
        await PressUntilAsync(page, ".row");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".packet pre").First).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.Locator(".packet pre").First).ToBeFocusedAsync();
    }

    private static async Task PressUntilAsync(IPage page, string selector)
    {
        for (int i = 0; i < 40; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateAsync<bool>("s => document.activeElement.matches(s)", selector))
            {
                return;
            }
        }

        Assert.Fail($"{selector} cannot be reached with the Tab key.");
    }

    [Fact]
    public async Task The_theme_can_be_chosen_and_is_remembered()
    {
        await using ViewerHost host = await SampleSession.HostAsync(SampleSession.Store());
        IPage page = await GotoAsync(await browser.OpenAsync(scheme: ColorScheme.Light), host);
        const string Ground = "getComputedStyle(document.body).backgroundColor";
        string light = await page.EvaluateAsync<string>(Ground);
        ILocator button = page.Locator("#theme");
        await button.ClickAsync();
        await Expect(button).ToHaveTextAsync("Theme: light");
        await button.ClickAsync();
        await Expect(button).ToHaveTextAsync("Theme: dark");
        Assert.NotEqual(light, await page.EvaluateAsync<string>(Ground));
        await page.ReloadAsync();
        await Expect(button).ToHaveTextAsync("Theme: dark");
    }

    [Fact]
    public async Task With_a_token_one_logs_in_first()
    {
        const string Token = "a token of some length";
        await using ViewerHost host = await SampleSession.HostAsync(SampleSession.Store(), token: Token);
        IPage page = await GotoAsync(await browser.OpenAsync(360, 780), host);
        await page.GetByLabel("Token").FillAsync("wrong");
        await page.GetByRole(AriaRole.Button, new() { Name = "Log in" }).ClickAsync();
        await page.GetByLabel("Token").FillAsync(Token);
        await page.ScreenshotAsync(new() { Path = Screenshots.Path("login-360") });
        await page.GetByRole(AriaRole.Button, new() { Name = "Log in" }).ClickAsync();
        await Expect(page.Locator(Rows)).ToHaveCountAsync(30);
    }

    [Fact]
    public async Task A_lost_viewer_is_said_and_a_call_that_left_too()
    {
        CallStore store = new(new CallStoreOptions { MaxCalls = 2 });
        SampleSession.Feed(store, SampleSession.Read());
        ViewerHost host = await SampleSession.HostAsync(store);
        await using (host)
        {
            IPage page = await GotoAsync(await browser.OpenAsync(), host, "#/call/1");
            await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("not kept any more");
            await host.DisposeAsync();
            await Expect(page.Locator("#live")).ToHaveTextAsync("Not reachable");
        }
    }
}
