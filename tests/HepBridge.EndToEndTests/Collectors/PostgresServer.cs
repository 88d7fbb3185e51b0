using System.Globalization;
using HepBridge.Tests.Hosting;
using Npgsql;

namespace HepBridge.EndToEndTests.Collectors;

/// <summary>A separate PostgreSQL: a new cluster in a temporary directory, on loopback with a password, deleted at the end.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private const int Tries = 3;

    private readonly string _directory;
    private readonly string _password;
    private readonly ToolProcess _process;
    private readonly int _port;

    private PostgresServer(string directory, string password, ToolProcess process, int port) =>
        (_directory, _password, _process, _port) = (directory, password, process, port);

    public static async Task<PostgresServer> StartAsync()
    {
        string programs = Packages.PostgresPrograms!;
        string directory = Directory.CreateTempSubdirectory("hepbridge-postgres-").FullName;
        string password = Guid.NewGuid().ToString("N");
        string passwordFile = Path.Combine(directory, "password");
        await File.WriteAllTextAsync(passwordFile, password);
        if (Environment.IsPrivilegedProcess)
        {
            await ToolProcess.RunAsync("/", "chown", "-R", "postgres:postgres", directory);
        }

        string data = Path.Combine(directory, "data");
        await using (ToolProcess initdb = AsPostgres(
            directory, Path.Combine(programs, "initdb"), "-D", data, "-U", "hepbridge", "-A", "scram-sha-256", $"--pwfile={passwordFile}", "--no-sync", "-E", "UTF8", "--locale=C"))
        {
            await initdb.SucceedsAsync();
        }

        for (int left = Tries; ; left--)
        {
            int port = FreePort.Next();
            ToolProcess process = AsPostgres(
                directory, Path.Combine(programs, "postgres"), "-D", data, "-p", port.ToString(CultureInfo.InvariantCulture),
                "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "autovacuum=off", "-c", "shared_buffers=16MB");
            PostgresServer server = new(directory, password, process, port);
            if (await process.ReachesAsync(server.AnswersAsync, "an answer"))
            {
                return server;
            }

            Assert.True(left > 1, process.Output);
            await process.DisposeAsync();
        }
    }

    /// <summary>The database's URL for Kamailio.</summary>
    public string Url(string database) => $"postgres://hepbridge:{_password}@127.0.0.1:{_port}/{database}";

    /// <summary>Creates a database with the collector's tables, and opens it.</summary>
    public async Task<NpgsqlDataSource> CreateDatabaseAsync(string name)
    {
        await using (NpgsqlDataSource first = Open("postgres"))
        {
            await first.CreateCommand($"create database \"{name}\"").ExecuteNonQueryAsync();
        }

        NpgsqlDataSource database = Open(name);
        string tables = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Collectors", "kamailio.sql"));
        await database.CreateCommand(tables).ExecuteNonQueryAsync();
        return database;
    }

    public async ValueTask DisposeAsync()
    {
        // SIGQUIT, an immediate shutdown: nobody needs the files any more. SIGKILL would leave its shared memory behind.
        await _process.EndAsync(3);
        await _process.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private NpgsqlDataSource Open(string database) => NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = _port,
        Username = "hepbridge",
        Password = _password,
        Database = database,
        Pooling = database != "postgres",
    });

    private async Task<bool> AnswersAsync()
    {
        try
        {
            await using NpgsqlDataSource database = Open("postgres");
            await using NpgsqlConnection connection = await database.OpenConnectionAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    /// <summary>PostgreSQL refuses to run as root: root starts it as its package's user.</summary>
    private static ToolProcess AsPostgres(string directory, string program, params string[] arguments) => Environment.IsPrivilegedProcess
        ? ToolProcess.Start(directory, "setpriv", ["--reuid=postgres", "--regid=postgres", "--init-groups", program, .. arguments])
        : ToolProcess.Start(directory, program, arguments);
}
