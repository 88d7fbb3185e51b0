namespace HepBridge.EndToEndTests.Collectors;

/// <summary>The Debian packages that these tests need.</summary>
internal static class Packages
{
    public const string Sngrep = "/usr/bin/sngrep";
    public const string Tshark = "/usr/bin/tshark";
    public const string Kamailio = "/usr/sbin/kamailio";

    public const string Janus = "/usr/bin/janus";
    public const string Sipp = "/usr/bin/sipp";

    /// <summary>The directory of the newest PostgreSQL's programs; null: not installed.</summary>
    public static string? PostgresPrograms { get; } = Directory.Exists("/usr/lib/postgresql")
        ? Directory.EnumerateDirectories("/usr/lib/postgresql").OrderBy(static path => path, StringComparer.Ordinal).Select(static path => Path.Combine(path, "bin"))
            .LastOrDefault(static path => File.Exists(Path.Combine(path, "initdb")))
        : null;

    public static void RequireKamailioAndPostgres() => Require(
        ("kamailio", File.Exists(Kamailio)),
        ("kamailio-postgres-modules", HasModule("db_postgres.so")),
        ("kamailio-tls-modules", HasModule("tls.so")),
        ("postgresql", PostgresPrograms is not null));

    public static void RequireSngrep() => Require(("sngrep", File.Exists(Sngrep)), ("tshark", File.Exists(Tshark)));

    public static void RequireRabbitMq() => Require(("rabbitmq-server", Amqp.RabbitPrograms.Directory is not null));

    public static void RequireJanus() => Require(("janus", File.Exists(Janus)), ("sip-tester", File.Exists(Sipp)));

    /// <summary>Skips the test if a package is missing; fails it if end-to-end tests are required.</summary>
    private static void Require(params (string Package, bool Is)[] needs)
    {
        string[] missing = [.. needs.Where(static need => !need.Is).Select(static need => need.Package)];
        if (missing.Length == 0)
        {
            return;
        }

        string reason = $"Debian packages are missing: apt-get install {string.Join(' ', missing)}";
        Assert.False(Environment.GetEnvironmentVariable("HEPBRIDGE_E2E") == "required", reason);
        Assert.Skip(reason);
    }

    private static bool HasModule(string name) => Directory.Exists("/usr/lib")
        && Directory.EnumerateDirectories("/usr/lib", "*-linux-gnu*").Any(path => File.Exists(Path.Combine(path, "kamailio", "modules", name)));
}
