using System.Text.RegularExpressions;
using HepBridge.Collector.Store;
using HepBridge.Collector.Web;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace HepBridge.EndToEndTests.Viewer;

/// <summary>The list of calls: search, live updates, load.</summary>
public sealed class CallListPageTests(BrowserFixture browser) : PageTests(browser)
{
    [Theory]
    [InlineData("+15550199001", 1)]
    [InlineData("27ee1e46feb8", 1)]
    [InlineData("68b2144a-7cdd-4426", 1)]
    [InlineData("fd99::2", 1)]
    [InlineData("no such call", 0)]
    public async Task The_search_finds_number_call_id_uuid_and_address(string text, int calls)
    {
        await using ViewerHost host = await SampleSession.HostAsync(SampleSession.Store());
        IPage page = await GotoAsync(await Browser.OpenAsync(), host);
        await page.GetByRole(AriaRole.Searchbox).FillAsync(text);
        await Expect(page.Locator(Rows)).ToHaveCountAsync(calls);
        await Expect(page.Locator(".summary")).ToContainTextAsync($"with “{text}”");
    }

    [Fact]
    public async Task New_calls_appear_by_themselves_unless_paused()
    {
        CallStore store = new();
        await using ViewerHost host = await SampleSession.HostAsync(store);
        IPage page = await GotoAsync(await Browser.OpenAsync(), host);
        await Expect(page.GetByText("No calls yet")).ToBeVisibleAsync();
        await Expect(page.Locator("#live")).ToHaveTextAsync("Live");
        SampleSession.Feed(store, SampleSession.Read());
        await Expect(page.Locator(Rows)).ToHaveCountAsync(18);

        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Expect(page.Locator(".summary")).ToContainTextAsync("paused");
        store.Add(HostilePackets.Event("CREATE 77777 → 1; callid=new@h uuid=n", "new@h"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await Expect(page.Locator(Rows)).ToHaveCountAsync(19);
        await Expect(page.Locator(Rows).GetByText("77777")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_page_stays_usable_while_packets_pour_in()
    {
        CallStore store = SampleSession.Store();
        await using ViewerHost host = await SampleSession.HostAsync(store);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Task flood = FloodAsync(host, stop.Token);
        IPage page = await GotoAsync(await Browser.OpenAsync(), host);
        await Expect(page.Locator(".summary")).ToContainTextAsync(new Regex("^[0-9,]{3,} calls"));
        await page.GetByRole(AriaRole.Searchbox).FillAsync(SampleSession.BadCallId);
        await Expect(page.Locator(Rows)).ToHaveCountAsync(1);
        await page.Locator(Rows + " a").ClickAsync();
        await page.Locator(".row.sip").First.ClickAsync();
        await Expect(page.Locator(".packet pre").First).ToContainTextAsync("INVITE");
        await stop.CancelAsync();
        await flood;
        Assert.Equal(0, host.Intake.Dropped);
    }

    // 2,000 packets per second, twenty per call.
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
}
