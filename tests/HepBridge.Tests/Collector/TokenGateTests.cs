using HepBridge.Collector.Web;
using Microsoft.AspNetCore.Http;

namespace HepBridge.Tests.Collector;

/// <summary>Access to a page with a token.</summary>
public sealed class TokenGateTests
{
    private const string Token = "0123456789abcdef";
    private readonly TokenGate _gate = new(Token);

    [Theory]
    [InlineData("Bearer 0123456789abcdef")]
    [InlineData("bearer 0123456789abcdef")]
    public async Task The_token_as_bearer_grants_access(string authorization) => Assert.True((await RunAsync("GET", "/api/calls", authorization)).IsIn);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer 0123456789abcdeF")]
    [InlineData("Bearer 0123456789abcdef0")]
    [InlineData("Bearer 0123456789abcde")]
    [InlineData("Basic 0123456789abcdef")]
    [InlineData("0123456789abcdef")]
    public async Task Anything_else_is_rejected(string? authorization)
    {
        (bool isIn, HttpContext context) = await RunAsync("GET", "/api/calls", authorization);
        Assert.False(isIn);
        Assert.Equal(StatusCodes.Status401Unauthorized, context.Response.StatusCode);
    }

    [Fact]
    public async Task The_login_form_sets_a_cookie_that_grants_access_without_containing_the_token()
    {
        string cookie = CookieOf(await LoginAsync(Token));
        Assert.DoesNotContain(Token, cookie, StringComparison.Ordinal);
        Assert.True((await RunAsync("GET", "/", cookie: cookie)).IsIn);
        Assert.False((await RunAsync("GET", "/api/calls", cookie: cookie[..^1])).IsIn);
        Assert.False((await RunAsync("GET", "/api/calls", cookie: "hepbridge=" + Token)).IsIn);
    }

    [Fact]
    public async Task The_cookie_is_for_this_page_only_and_hidden_from_scripts()
    {
        string set = (await LoginAsync(Token)).Response.Headers.SetCookie.ToString();
        Assert.Contains("httponly", set, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", set, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("wrong")]
    [InlineData("")]
    public async Task A_wrong_token_in_the_form_sets_no_cookie(string token)
    {
        HttpContext context = await LoginAsync(token);
        Assert.Equal(StatusCodes.Status401Unauthorized, context.Response.StatusCode);
        Assert.Empty(context.Response.Headers.SetCookie.ToString());
    }

    [Fact]
    public async Task Another_process_rejects_this_ones_cookie()
    {
        string cookie = CookieOf(await LoginAsync(Token));
        Assert.False((await RunAsync("GET", "/api/calls", cookie: cookie, gate: new TokenGate(Token))).IsIn);
    }

    [Fact]
    public async Task Without_a_token_everyone_has_access() => Assert.True((await RunAsync("GET", "/api/calls", gate: new TokenGate(null))).IsIn);

    private static string CookieOf(HttpContext context) => context.Response.Headers.SetCookie.ToString().Split(';')[0];

    private async Task<HttpContext> LoginAsync(string token)
    {
        DefaultHttpContext context = new();
        context.Request.Method = "POST";
        context.Request.Path = "/login";
        context.Request.ContentType = "application/x-www-form-urlencoded";
        context.Request.Body = new MemoryStream(System.Text.Encoding.UTF8.GetBytes("token=" + token));
        context.Response.Body = new MemoryStream();
        await _gate.Run(context, _ => Task.CompletedTask);
        return context;
    }

    private async Task<(bool IsIn, HttpContext Context)> RunAsync(string method, string path, string? authorization = null, string? cookie = null, TokenGate? gate = null)
    {
        DefaultHttpContext context = new();
        context.Request.Method = method;
        context.Request.Path = path;
        context.Response.Body = new MemoryStream();
        if (authorization is not null)
        {
            context.Request.Headers.Authorization = authorization;
        }

        if (cookie is not null)
        {
            context.Request.Headers.Cookie = cookie;
        }

        bool isIn = false;
        await (gate ?? _gate).Run(context, _ =>
        {
            isIn = true;
            return Task.CompletedTask;
        });
        return (isIn, context);
    }
}
