using HepBridge.Collector.Web;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace HepBridge.EndToEndTests.Viewer;

/// <summary>Requirements for screen readers, keyboards and low vision on every page (WCAG 2.2: 1.3.1, 1.4.3, 2.4.6, 2.5.8, 4.1.2).</summary>
[Collection(nameof(InBrowser))]
public sealed class AccessibilityTests(BrowserFixture browser)
{
    /// <summary>Returns a list of findings: missing names, duplicate ids, skipped heading levels, low contrast, targets that are too small.</summary>
    private const string Audit = """
        () => {
          const found = [];
          const say = (what, e) => found.push(`${what}: <${e.tagName.toLowerCase()} class="${e.className.baseVal ?? e.className}"> ${(e.textContent || '').trim().slice(0, 40)}`);
          const visible = e => e.checkVisibility({ visibilityProperty: true }) && e.getClientRects().length > 0;
          const name = e => (e.getAttribute('aria-label') || e.labels?.[0]?.textContent || e.textContent || '').trim();
          for (const e of document.querySelectorAll('a, button, input, select, [tabindex="0"], svg[role=img], table, meter')) {
            if (visible(e) && !name(e)) say('no name', e);
          }
          const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
          ids.filter((id, i) => ids.indexOf(id) !== i).forEach(id => found.push(`id twice: ${id}`));
          let level = 0;
          for (const e of document.querySelectorAll('h1, h2, h3, h4')) {
            const now = Number(e.tagName[1]);
            if (visible(e) && now > level + 1) say('heading level left out', e);
            if (visible(e)) level = now;
          }
          if (document.querySelectorAll('h1').length !== 1) found.push('not one h1');
          for (const e of document.querySelectorAll('button, .button, nav a, select, input')) {
            const r = e.getBoundingClientRect();
            if (visible(e) && !e.closest('th') && (r.width < 24 || r.height < 24)) say('target too small', e);
          }
          const rgb = c => { const m = c.match(/[\d.]+/g).map(Number); return { r: m[0], g: m[1], b: m[2], a: m[3] ?? 1 }; };
          const part = c => { c /= 255; return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; };
          const light = c => 0.2126 * part(c.r) + 0.7152 * part(c.g) + 0.0722 * part(c.b);
          const ground = e => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c.a > 0.99) return c; } return { r: 255, g: 255, b: 255 }; };
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            const e = walker.currentNode.parentElement;
            if (!walker.currentNode.textContent.trim() || !visible(e) || e.closest('script, option, [aria-hidden=true], :disabled, .hidden, .skip')) continue;
            const style = getComputedStyle(e);
            const ink = rgb(e instanceof SVGElement ? style.fill : style.color);
            const [a, b] = [light(ink), light(ground(e))].sort((x, y) => y - x);
            if ((a + 0.05) / (b + 0.05) < 4.5) say(`contrast ${((a + 0.05) / (b + 0.05)).toFixed(2)}`, e);
          }
          return [...new Set(found)];
        }
        """;

    [Fact]
    public async Task The_audit_finds_known_problems()
    {
        await using ViewerHost host = await SampleSession.HostAsync(SampleSession.Store());
        IPage page = await browser.OpenAsync();
        await page.GotoAsync(host.Address.ToString());
        await Expect(page.Locator("table.list tr.call-row").First).ToBeVisibleAsync();
        await page.EvaluateAsync("() => { document.querySelector('h1').style.color = '#999'; document.querySelector('#theme').textContent = ''; document.querySelector('.toggle').style.cssText = 'min-height:0;height:9px;padding:0'; }");
        string[] found = await page.EvaluateAsync<string[]>(Audit);
        Assert.Equal(["contrast", "no name", "target"], found.Select(f => f.StartsWith("no", StringComparison.Ordinal) ? "no name" : f.Split(' ')[0]).Distinct().Order());
    }

    [Theory]
    [InlineData(360, ColorScheme.Light)]
    [InlineData(1440, ColorScheme.Light)]
    [InlineData(1440, ColorScheme.Dark)]
    public async Task Every_page_passes_the_audit(int width, ColorScheme scheme)
    {
        await using ViewerHost host = await SampleSession.HostAsync(SampleSession.Store(), allowImport: true, status: new SampleStatus());
        IPage page = await browser.OpenAsync(width, 900, scheme);
        await page.GotoAsync(host.Address.ToString());
        await Expect(page.Locator("table.list tr.call-row").First).ToBeVisibleAsync();
        await Expect(page.Locator(".peer").First).ToBeAttachedAsync();
        await page.Locator(".opens").First.ClickAsync();
        await page.EvaluateAsync("() => document.querySelector('.more-figures').open = true");
        Assert.Empty(await page.EvaluateAsync<string[]>(Audit));
        await page.GetByRole(AriaRole.Searchbox).FillAsync(SampleSession.BadCallId);
        await Expect(page.Locator("table.list tr.call-row")).ToHaveCountAsync(1);
        await page.Locator("table.list tr.call-row a").First.ClickAsync();
        await page.Locator(".row.sip").First.ClickAsync();
        await page.Locator(".row.media").First.ClickAsync();
        await Expect(page.Locator(".packet pre").First).ToBeVisibleAsync();
        await page.GetByText("Reports as a table").ClickAsync();
        Assert.Empty(await page.EvaluateAsync<string[]>(Audit));
        foreach (string name in (string[])["peers", "agent"])
        {
            await page.GotoAsync(new Uri(host.Address, "#/" + name).ToString());
            await Expect(page.Locator("table").First).ToBeVisibleAsync();
            Assert.Empty(await page.EvaluateAsync<string[]>(Audit));
        }
    }
}
