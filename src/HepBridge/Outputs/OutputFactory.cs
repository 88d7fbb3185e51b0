using HepBridge.Configuration;
using HepBridge.Diagnostics;
using HepBridge.Outputs.Routing;
using HepBridge.Outputs.Spooling;
using HepBridge.Outputs.Streams;
using HepBridge.Outputs.Udp;
using Microsoft.Extensions.Logging;

namespace HepBridge.Outputs;

/// <summary>Creates the output for an object of <c>hep_config</c>.</summary>
internal sealed class OutputFactory(ILoggerFactory loggers, TimeProvider time, StreamTimings? timings = null)
{
    private readonly ILogger _logger = loggers.CreateLogger("HepBridge.Outputs");
    private readonly StreamTimings _timings = timings ?? StreamTimings.Default;

    /// <summary>Creates and starts an output with its spool.</summary>
    /// <exception cref="SpoolRefusedException">Its spool is unusable.</exception>
    public IOutput Create(HepOutputConfiguration configuration)
    {
        IOutput output = CreateWithoutSpool(configuration);
        if (output is StreamOutput stream && configuration.Spool is { } spool)
        {
            stream.AttachSpool(OpenSpool(spool, stream));
        }

        output.Start();
        return output;
    }

    /// <summary>Creates an output whose spool, if configured, still belongs to another output. Its caller starts it.</summary>
    public IOutput CreateWithoutSpool(HepOutputConfiguration configuration) =>
        configuration.Transport == HepTransport.Udp ? CreateUdp(configuration) : CreateStream(configuration);

    /// <exception cref="SpoolRefusedException">The spool is unusable.</exception>
    public Spool OpenSpool(SpoolConfiguration configuration, IOutput owner) => Spool.Open(configuration, owner.Counters, _logger, time);

    private static ServerRouter CreateRouter(HepOutputConfiguration configuration) =>
        new(configuration.Mode, [.. configuration.Servers.Select(server => server.ToString())]);

    private static string NameOf(HepOutputConfiguration configuration, string transport) => $"{transport} {string.Join(',', configuration.Servers)}";

    private IOutput CreateUdp(HepOutputConfiguration configuration)
    {
        OutputCounters counters = new();
        UdpOutput[] members = [.. configuration.Servers.Select(server =>
            new UdpOutput(new CollectorAddress(server), configuration.RingBytes, counters, _logger, time))];
        return members.Length == 1 ? members[0] : new UdpGroup(NameOf(configuration, "udp"), members, CreateRouter(configuration), counters);
    }

    private StreamOutput CreateStream(HepOutputConfiguration configuration)
    {
        bool isTls = configuration.Transport == HepTransport.Tls;
        string name = NameOf(configuration, isTls ? "tls" : "tcp");
        if (isTls && !configuration.Tls.Verify)
        {
            Log.TlsNotVerified(_logger, name);
        }

        OutputCounters counters = new();
        CollectorLink[] links = [.. configuration.Servers.Select(server => CreateLink(configuration, server, counters))];
        return new StreamOutput(name, links, counters, CreateRouter(configuration), configuration.Spool?.Flush ?? TimeSpan.MaxValue, _timings, _logger, time);
    }

    private CollectorLink CreateLink(HepOutputConfiguration configuration, HepServer server, OutputCounters counters)
    {
        ResendWindow? resend = configuration.ResendWindow > TimeSpan.Zero ? new ResendWindow(configuration.ResendWindow, configuration.RingBytes, time) : null;
        return new CollectorLink(
            new CollectorAddress(server), CreateConnector(configuration), new PacketQueue(configuration.RingBytes), resend, counters, _timings, _logger, time);
    }

    private IStreamConnector CreateConnector(HepOutputConfiguration configuration)
    {
        TcpConnector tcp = new(_timings, time);
        return configuration.Transport == HepTransport.Tls ? new TlsConnector(tcp, configuration.Tls, _timings, time) : tcp;
    }
}
