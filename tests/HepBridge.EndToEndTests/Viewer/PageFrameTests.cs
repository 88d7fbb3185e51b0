using HepBridge.Collector.Store;
using HepBridge.Collector.Web;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace HepBridge.EndToEndTests.Viewer;

/// <summary>Everything around the calls: keyboard, theme, login, and a viewer that has stopped.</summary>
public sealed class PageFrameTests(BrowserFixture browser) : PageTests(browser)
{
    [Fact]
    public async Task Everything_can_be_done_with_the_keyboard()
    {
        await using ViewerHost host = await SampleSession.HostAsync(SampleSession.Store());
        IPage page = await GotoAsync(await Browser.OpenAsync(), host);
        await Expect(page.Locator(Rows).First).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.Locator(".skip")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#main")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("/");
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
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Copy", Exact = true })).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.Locator(".packet pre").First).ToBeFocusedAsync();
    }

    [Fact]
    public async Task The_usual_keys_search_move_open_and_go_back()
    {
        await using ViewerHost host = await SampleSession.HostAsync(SampleSession.Store());
        IPage page = await GotoAsync(await Browser.OpenAsync(), host);
        await Expect(page.Locator(Rows).First).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("j");
        await Expect(page.Locator(Rows + " a").Nth(0)).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("k");
        await Expect(page.Locator(Rows + " a").Nth(1)).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".row").First).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("j");
        await Expect(page.Locator(".row").Nth(1)).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".packet pre").First).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("/");
        await Expect(page.Locator("#find")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("jk/");
        await Expect(page.Locator("#find")).ToHaveValueAsync("jk/");
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator(Rows).First).ToBeVisibleAsync();
    }

    private static async Task PressUntilAsync(IPage page, string selector)
    {
        for (int i = 0; i < 60; i++)
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
    public async Task The_chosen_theme_is_remembered()
    {
        await using ViewerHost host = await SampleSession.HostAsync(SampleSession.Store());
        IPage page = await GotoAsync(await Browser.OpenAsync(scheme: ColorScheme.Light), host);
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
    public async Task With_a_token_the_page_requires_a_login()
    {
        const string Token = "a token of some length";
        await using ViewerHost host = await SampleSession.HostAsync(SampleSession.Store(), token: Token);
        IPage page = await GotoAsync(await Browser.OpenAsync(360, 780), host);
        await page.GetByLabel("Token").FillAsync("wrong");
        await page.GetByRole(AriaRole.Button, new() { Name = "Log in" }).ClickAsync();
        await page.GetByLabel("Token").FillAsync(Token);
        await page.ScreenshotAsync(new() { Path = Screenshots.Path("login-360") });
        await page.GetByRole(AriaRole.Button, new() { Name = "Log in" }).ClickAsync();
        await Expect(page.Locator(Rows)).ToHaveCountAsync(18);
    }

    [Fact]
    public async Task A_lost_viewer_and_a_removed_call_are_reported()
    {
        CallStore store = new(new CallStoreOptions { MaxCalls = 2 });
        SampleSession.Feed(store, SampleSession.Read());
        ViewerHost host = await SampleSession.HostAsync(store);
        await using (host)
        {
            IPage page = await GotoAsync(await Browser.OpenAsync(), host, "#/call/1");
            await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("no longer kept");
            await host.DisposeAsync();
            await Expect(page.Locator("#live")).ToHaveTextAsync("Not reachable");
        }
    }
}
