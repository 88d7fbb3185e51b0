using System.Text;
using HepBridge.Collector.Printing;
using HepBridge.Collector.Receiving;
using HepBridge.Hep;

namespace HepBridge.Commands.Demo;

/// <summary>The demo's collector: counts packets and groups them by Call-ID, as Homer does.</summary>
internal sealed class DemoCalls(IPacketPrinter? printer) : IHepHandler
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, DemoCall> _calls = [];
    private readonly List<DemoCall> _inOrder = [];
    private readonly Dictionary<HepPayloadType, long> _counts = [];
    private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _received;
    private long _wanted = long.MaxValue;

    /// <summary>Packets that are invalid or cannot be read.</summary>
    public long Malformed { get; private set; }

    /// <summary>Call-IDs of calls, each leg after the one it was created for.</summary>
    public IReadOnlyList<DemoCall> Calls
    {
        get
        {
            lock (_gate)
            {
                DemoCall[] calls = [.. _inOrder.Where(static call => call.IsCall)];
                ILookup<string, DemoCall> made = calls.ToLookup(static call => call.Originator);
                HashSet<string> known = [.. calls.Select(static call => call.UniqueId)];
                return [.. calls.Where(call => !known.Contains(call.Originator)).SelectMany(call => WithLegs(call, made))];
            }
        }
    }

    /// <summary>Number of Call-IDs with only registrations and the like.</summary>
    public int Others
    {
        get
        {
            lock (_gate)
            {
                return _inOrder.Count(static call => !call.IsCall);
            }
        }
    }

    /// <summary>Number of packets of these types.</summary>
    public long Received(params ReadOnlySpan<HepPayloadType> types)
    {
        lock (_gate)
        {
            long sum = 0;
            foreach (HepPayloadType type in types)
            {
                sum += _counts.GetValueOrDefault(type);
            }

            return sum;
        }
    }

    /// <summary>Waits for a number of packets, with a timeout: UDP packets in flight arrive at once or never.</summary>
    public async Task WaitForAsync(long packets, TimeSpan atMost)
    {
        lock (_gate)
        {
            _wanted = packets;
            CheckComplete();
        }

        await _complete.Task.WaitAsync(atMost).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void OnPacket(in HepPacket packet, ReadOnlySpan<byte> bytes, HepSender sender)
    {
        lock (_gate)
        {
            _counts[packet.PayloadType] = _counts.GetValueOrDefault(packet.PayloadType) + 1;
            string callId = Encoding.UTF8.GetString(packet.PayloadType == HepPayloadType.Sip && SipHead.TryRead(packet.Payload, out SipHead head) ? head.CallId : packet.CorrelationId);
            if (!_calls.TryGetValue(callId, out DemoCall? call))
            {
                call = new DemoCall(callId);
                _calls.Add(callId, call);
                _inOrder.Add(call);
            }

            call.Add(packet);
            _received++;
            CheckComplete();
        }

        printer?.Print(packet, bytes, sender);
    }

    public void OnMalformed(HepReject reason, ReadOnlySpan<byte> bytes, HepSender sender)
    {
        lock (_gate)
        {
            Malformed++;
        }
    }

    private static IEnumerable<DemoCall> WithLegs(DemoCall call, ILookup<string, DemoCall> made) =>
        call.UniqueId.Length == 0 ? [call] : made[call.UniqueId].SelectMany(leg => WithLegs(leg, made)).Prepend(call);

    private void CheckComplete()
    {
        if (_received >= _wanted)
        {
            _complete.TrySetResult();
        }
    }
}
