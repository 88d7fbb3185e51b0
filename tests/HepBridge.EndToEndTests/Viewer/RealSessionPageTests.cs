using System.Text.Json;
using HepBridge.Collector.Web;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace HepBridge.EndToEndTests.Viewer;

/// <summary>The page's view of a real switch's session, compared with the truth about its calls.</summary>
public sealed class RealSessionPageTests(BrowserFixture browser) : PageTests(browser)
{
    private static readonly JsonElement[] _calls =
        [.. JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Captures", "esl", "expected.json"))).RootElement.GetProperty("calls").EnumerateArray()];

    private static int Count(Func<string, bool> disposition) => _calls.Count(c => disposition(c.GetProperty("disposition").GetString()!));

    [Fact]
    public async Task A_row_is_a_call_and_expands_to_its_own_legs()
    {
        await using ViewerHost host = await SampleSession.HostAsync(SampleSession.Store());
        IPage page = await GotoAsync(await Browser.OpenAsync(1440, 1400), host);
        await Expect(page.Locator(Rows)).ToHaveCountAsync(_calls.Length);
        await Expect(page.Locator(".summary")).ToHaveTextAsync($"{_calls.Length} calls");
        foreach (JsonElement call in _calls)
        {
            string[] legs = [.. call.GetProperty("legs").EnumerateArray().Select(l => l.GetProperty("sip_call_id").GetString()).OfType<string>()];
            await page.GetByRole(AriaRole.Searchbox).FillAsync(legs[^1]);
            await Expect(page.Locator(".summary")).ToHaveTextAsync($"1 call, with “{legs[^1]}”");
            await Expect(page.Locator(Rows + " .opens")).ToContainTextAsync(legs.Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
            await page.Locator(Rows + " .opens").ClickAsync();
            await Expect(page.Locator(".legs-row li")).ToHaveCountAsync(legs.Length);
        }

        string transfer = _calls.Single(c => c.GetProperty("id").GetString() == "A08").GetProperty("legs")[0].GetProperty("sip_call_id").GetString()!;
        await page.GetByRole(AriaRole.Searchbox).FillAsync(transfer);
        await Expect(page.Locator(".summary")).ToContainTextAsync(transfer);
        await page.Locator(Rows + " a").First.ClickAsync();
        await Expect(page.Locator(".hosts .host")).ToHaveTextAsync(["10.99.0.20", "10.99.0.1", "10.99.0.12", "10.99.0.16"]);
        await Expect(page.Locator(".legs > li")).ToHaveCountAsync(3);
    }

    [Fact]
    public async Task The_figures_agree_with_the_truth_and_filter_the_list()
    {
        int answered = Count(d => d.StartsWith("ANSWERED", StringComparison.Ordinal));
        int failed = Count(d => d is not "CANCELLED" && !d.StartsWith("ANSWERED", StringComparison.Ordinal));
        await using ViewerHost host = await SampleSession.HostAsync(SampleSession.Store());
        IPage page = await GotoAsync(await Browser.OpenAsync(), host);
        await Expect(Tile(page, "Calls").Locator("strong")).ToHaveTextAsync($"{_calls.Length}");
        await Expect(Tile(page, "Answered")).ToContainTextAsync($"{100.0 * answered / _calls.Length:0} %");
        await Expect(Tile(page, "Failed").Locator("strong")).ToHaveTextAsync($"{failed}");
        await Expect(Tile(page, "Failed")).ToContainTextAsync($"{Count(d => d == "CANCELLED")} cancelled");
        await Expect(Tile(page, "In progress").Locator("strong")).ToHaveTextAsync("0");

        await Tile(page, "Failed").ClickAsync();
        await Expect(page.Locator(Rows)).ToHaveCountAsync(failed);
        await Expect(page.Locator(".summary")).ToHaveTextAsync($"{failed} calls, failed");
        await Expect(page.Locator(Rows + " .state")).ToHaveTextAsync(Enumerable.Repeat("failed", failed));
        await Tile(page, "Answered").ClickAsync();
        await Expect(page.Locator(Rows)).ToHaveCountAsync(answered);
        await page.Locator(".hit.some").First.ClickAsync();
        await Expect(page.Locator(".range")).ToBeVisibleAsync();
        await Expect(page.Locator(Rows)).Not.ToHaveCountAsync(answered);
        await page.Locator(".range").ClickAsync();
        await page.Locator(".peer").First.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Searchbox)).ToHaveValueAsync("10.99.0.11");
    }

    [Fact]
    public async Task Times_are_in_the_browsers_zone_which_is_shown()
    {
        await using ViewerHost host = await SampleSession.HostAsync(SampleSession.Store());
        IPage page = await GotoAsync(await Browser.OpenAsync(zone: "Pacific/Chatham"), host);
        await Expect(page.Locator("#zone")).ToHaveTextAsync("Times in UTC+13:45 (Pacific/Chatham)");
        await page.GetByRole(AriaRole.Searchbox).FillAsync(SampleSession.BadCallId);
        await Expect(page.Locator(Rows)).ToHaveCountAsync(1);
        await Expect(page.Locator(Rows + " time")).ToHaveTextAsync("13:40:22");
        await Expect(page.Locator(Rows + " time")).ToHaveAttributeAsync("title", new System.Text.RegularExpressions.Regex(@"^2026-11-21T23:55:22\.\d+Z$"));
    }

    private static ILocator Tile(IPage page, string name) => page.Locator("button.tile").Filter(new() { Has = page.GetByText(name, new() { Exact = true }) });
}
