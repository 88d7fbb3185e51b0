using System.Diagnostics;
using System.Net.NetworkInformation;
using HepBridge.Tests.Hosting;
using Npgsql;

namespace HepBridge.EndToEndTests.Collectors;

/// <summary>Kamailio's sipcapture as a HEP collector, with its own database.</summary>
internal sealed class Kamailio : IAsyncDisposable
{
    private const int Tries = 3;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    private readonly string _directory = Directory.CreateTempSubdirectory("hepbridge-kamailio-").FullName;
    private readonly string _databaseUrl;
    private readonly bool _everyType;
    private ToolProcess? _process;

    private Kamailio(NpgsqlDataSource database, string databaseUrl, bool everyType)
    {
        (Database, _databaseUrl, _everyType) = (database, databaseUrl, everyType);
        Certificate = ServerCertificate.Create(_directory);
    }

    public NpgsqlDataSource Database { get; }

    /// <summary>Its TLS certificate, which a client trusts by its file.</summary>
    public ServerCertificate Certificate { get; }

    /// <summary>For UDP, and TCP if it stores every type.</summary>
    public int Port { get; private set; }

    public int TlsPort { get; private set; }

    /// <summary>Acts as Homer 5: UDP, only the types that sipcapture itself knows, into its own tables.</summary>
    public static Task<Kamailio> StartHomer5Async(PostgresServer postgres) => StartAsync(postgres, "homer5", everyType: false);

    /// <summary>UDP, TCP and TLS; stores each packet of any type, with its chunks, in <c>hep_packet</c>.</summary>
    public static Task<Kamailio> StartForEveryTypeAsync(PostgresServer postgres, string database) => StartAsync(postgres, database, everyType: true);

    /// <summary>Waits until a query returns exactly this count.</summary>
    public Task CountsAsync(long wanted, string query) => WaitAsync(Database.CreateCommand(query), count => count == wanted, $"{wanted}");

    /// <summary>Waits until a query returns at least this count.</summary>
    public Task HasAsync(long wanted, string query) => HasAsync(wanted, Database.CreateCommand(query));

    /// <inheritdoc cref="HasAsync(long, string)"/>
    public Task HasAsync(long wanted, NpgsqlCommand query) => WaitAsync(query, count => count >= wanted, $"at least {wanted}");

    /// <summary>Kills all its processes at once; data in their sockets is lost.</summary>
    public Task CrashAsync() => _process!.CrashAsync();

    /// <summary>Restarts it on the same ports.</summary>
    public async Task StartAgainAsync()
    {
        await _process!.DisposeAsync();
        Assert.True(await TryStartAsync(), _process.Output);
    }

    public async ValueTask DisposeAsync()
    {
        await _process!.EndAsync();
        await _process.DisposeAsync();
        await Database.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private static async Task<Kamailio> StartAsync(PostgresServer postgres, string database, bool everyType)
    {
        Kamailio kamailio = new(await postgres.CreateDatabaseAsync(database), postgres.Url(database), everyType);
        for (int left = Tries; ; left--)
        {
            (kamailio.Port, kamailio.TlsPort) = (FreePort.Next(), FreePort.Next());
            if (await kamailio.TryStartAsync())
            {
                return kamailio;
            }

            Assert.True(left > 1, kamailio._process!.Output);
            await kamailio._process!.DisposeAsync();
        }
    }

    private Task<bool> TryStartAsync()
    {
        string[] defined = [$"HEPPORT={Port}", $"DBURL=\"{_databaseUrl}\""];
        if (_everyType)
        {
            defined = [.. defined, "EVERY_TYPE", $"SQLCON=\"db=>{_databaseUrl}\"", $"TLSPORT={TlsPort}", $"TLSCERT=\"{Certificate.Path}\"", $"TLSKEY=\"{Certificate.KeyPath}\""];
        }

        _process = ToolProcess.Start(_directory, Packages.Kamailio, [
            "-DD", "-E", "-m", "32", "-M", "16", "-Y", _directory, "-w", _directory, "-P", System.IO.Path.Combine(_directory, "kamailio.pid"),
            "-f", System.IO.Path.Combine(AppContext.BaseDirectory, "Collectors", "kamailio.cfg"), .. defined.SelectMany(static name => (string[])["-A", name])]);
        return _process.ReachesAsync(() => Task.FromResult(Listens()), "open ports");
    }

    private async Task WaitAsync(NpgsqlCommand query, Func<long, bool> isIt, string wanted)
    {
        Stopwatch watch = Stopwatch.StartNew();
        long count;
        while (!isIt(count = (long)(await query.ExecuteScalarAsync())!))
        {
            Assert.True(watch.Elapsed < _patience, $"{count} instead of {wanted}: {query.CommandText}\n{_process!.Output}");
            await Task.Delay(20);
        }
    }

    private bool Listens()
    {
        IPGlobalProperties sockets = IPGlobalProperties.GetIPGlobalProperties();
        return sockets.GetActiveUdpListeners().Any(socket => socket.Port == Port)
            && (!_everyType || sockets.GetActiveTcpListeners().Select(static socket => socket.Port).Intersect([Port, TlsPort]).Count() == 2);
    }
}
