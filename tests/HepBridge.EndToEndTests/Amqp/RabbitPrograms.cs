using System.Globalization;

namespace HepBridge.EndToEndTests.Amqp;

/// <summary>RabbitMQ as Debian's package installs it, and what makes a node of it that shares nothing with others.</summary>
internal static class RabbitPrograms
{
    /// <summary>The directory of RabbitMQ's own scripts; those in /usr/sbin change the user. Null: not installed.</summary>
    public static string? Directory { get; } = System.IO.Directory.Exists("/usr/lib/rabbitmq/lib")
        ? System.IO.Directory.EnumerateDirectories("/usr/lib/rabbitmq/lib").Select(static path => Path.Combine(path, "sbin")).LastOrDefault(static path => File.Exists(Path.Combine(path, "rabbitmq-server")))
        : null;

    public static string Server => Path.Combine(Directory!, "rabbitmq-server");

    public static string Control => Path.Combine(Directory!, "rabbitmqctl");

    /// <summary>Writes a node's files to a directory of its own, and returns its variables.</summary>
    /// <param name="directory">For the database, the log and the cookie.</param>
    /// <param name="port">The broker's port.</param>
    /// <param name="freePort">Finds a port for the node, and one for its port mapper.</param>
    public static Dictionary<string, string> Prepare(string directory, int port, Func<int> freePort)
    {
        string At(string name) => Path.Combine(directory, name);
        File.WriteAllText(At("plugins"), "[rabbitmq_consistent_hash_exchange].");
        File.WriteAllText(At("rabbitmq.conf"), "log.console.level = warning\n");
        return new Dictionary<string, string>
        {
            ["HOME"] = directory,
            ["RABBITMQ_NODENAME"] = "hepbridge@localhost",
            ["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_NODE_PORT"] = Text(port),
            ["RABBITMQ_DIST_PORT"] = Text(freePort()),
            ["ERL_EPMD_PORT"] = Text(freePort()),
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_MNESIA_BASE"] = At("mnesia"),
            ["RABBITMQ_LOG_BASE"] = At("log"),
            ["RABBITMQ_LOGS"] = "-",
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = At("plugins"),
            ["RABBITMQ_CONF_ENV_FILE"] = "/dev/null",
            ["RABBITMQ_CONFIG_FILE"] = At("rabbitmq.conf"),
        };
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
