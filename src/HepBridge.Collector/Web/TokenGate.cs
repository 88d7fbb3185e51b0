using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace HepBridge.Collector.Web;

/// <summary>
/// Requires the token: as <c>Authorization: Bearer</c>, or once in the login form, which sets a cookie. The cookie does
/// not reveal the token, and is only valid for this process.
/// </summary>
internal sealed class TokenGate(string? token)
{
    private const string CookieName = "hepbridge";
    private const string LoginPath = "/login";
    private readonly byte[]? _token = token is null ? null : Hash(token);
    private readonly byte[] _cookie = Encoding.ASCII.GetBytes(RandomNumberGenerator.GetHexString(64));

    public Task Run(HttpContext context, RequestDelegate next)
    {
        if (_token is null || IsKnown(context.Request) || PageAssets.IsPublic(context.Request.Path))
        {
            return next(context);
        }

        if (context.Request.Path == LoginPath && HttpMethods.IsPost(context.Request.Method))
        {
            return LoginAsync(context);
        }

        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        bool page = HttpMethods.IsGet(context.Request.Method) && !context.Request.Path.StartsWithSegments("/api");
        return page ? PageAssets.SendAsync(context, "login.html") : context.Response.WriteAsync("The token is missing or wrong.", context.RequestAborted);
    }

    private bool IsKnown(HttpRequest request)
    {
        const string Bearer = "Bearer ";
        string authorization = request.Headers.Authorization.ToString();
        return (request.Cookies.TryGetValue(CookieName, out string? cookie) && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(cookie), _cookie))
            || (authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) && IsToken(authorization[Bearer.Length..]));
    }

    private async Task LoginAsync(HttpContext context)
    {
        IFormCollection? form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted) : null;
        if (!IsToken(form?["token"].ToString() ?? string.Empty))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            await PageAssets.SendAsync(context, "login.html");
            return;
        }

        context.Response.Cookies.Append(
            CookieName, Encoding.ASCII.GetString(_cookie), new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Path = "/" });
        context.Response.Redirect("/");
    }

    // Hashes have equal length, so the comparison takes equal time for any input.
    private bool IsToken(string value) => CryptographicOperations.FixedTimeEquals(Hash(value), _token);

    private static byte[] Hash(string value) => SHA256.HashData(Encoding.UTF8.GetBytes(value));
}
