using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using HepBridge.Collector.Receiving;
using HepBridge.Hep;
using HepBridge.Tests.Outputs;
using HepBridge.Tests.Outputs.Streams;
using HepBridge.Tests.Pipeline;

namespace HepBridge.Tests.Documentation.Examples;

/// <summary>Stands in for the servers of one <c>hep_config</c> object.</summary>
internal sealed class ExampleCollector : IHepHandler, IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _servers = [];
    private readonly List<CollectedPacket> _packets = [];
    private readonly string _name;

    /// <summary>Starts the servers, and changes the object so that the agent sends to them.</summary>
    public ExampleCollector(JsonObject output, TestCertificates certificates)
    {
        _name = output.ToJsonString();
        bool isTls = (string?)output["HEP_TRANSPORT"] == "tls";
        JsonArray ports = [];
        for (int count = output["HEP_SERVER"] is JsonArray list ? list.Count : 1; count > 0; count--)
        {
            ports.Add(string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{(isTls ? StartTls(output, certificates) : Start())}"));
        }

        output["HEP_SERVER"] = ports;
        if (isTls)
        {
            output["tls_ca"] = certificates.CaFile;
        }
    }

    public CollectedPacket[] Packets
    {
        get
        {
            lock (_packets)
            {
                return [.. _packets];
            }
        }
    }

    public Task GetsAsync(Func<CollectedPacket, bool> isIt, string otherwise) => Eventually.True(() => Packets.Any(isIt), () => otherwise);

    public void OnPacket(in HepPacket packet, ReadOnlySpan<byte> bytes, HepSender sender) => Add(bytes);

    public void OnMalformed(HepReject reason, ReadOnlySpan<byte> bytes, HepSender sender) => Assert.Fail($"{reason} at {_name}");

    public override string ToString() => _name;

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable server in _servers)
        {
            await server.DisposeAsync();
        }
    }

    private int Start()
    {
        HepListener listener = HepListener.Start(new IPEndPoint(IPAddress.Loopback, 0), this);
        _servers.Add(listener);
        return listener.EndPoint.Port;
    }

    private int StartTls(JsonObject output, TestCertificates certificates)
    {
        bool wantsCertificate = output.ContainsKey("tls_cert");
        ScriptedCollector collector = new(certificates.Server((string?)output["tls_server_name"] ?? "localhost"), 0, ScriptedCollector.ReadAll)
        {
            WantsClientCertificate = wantsCertificate,
            NumberOf = Add,
        };
        _servers.Add(collector);
        if (wantsCertificate)
        {
            (output["tls_cert"], output["tls_key"]) = certificates.Client("CN=agent");
        }

        return collector.Port;
    }

    private int Add(ReadOnlySpan<byte> packet)
    {
        lock (_packets)
        {
            _packets.Add(CollectedPacket.From(packet));
            return _packets.Count;
        }
    }
}
