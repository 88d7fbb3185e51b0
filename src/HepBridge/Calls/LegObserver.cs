using System.Text;
using HepBridge.FreeSwitch.Events;
using HepBridge.Hep;

namespace HepBridge.Calls;

/// <summary>Updates a leg from the headers of its events: the only writer of <see cref="Leg"/>'s facts.</summary>
internal sealed class LegObserver
{
    /// <summary>Events that the leg table needs, whatever is reported.</summary>
    public static IReadOnlyList<EventKind> Kinds { get; } =
    [
        EventKind.ChannelCreate, EventKind.ChannelProgress, EventKind.ChannelProgressMedia, EventKind.ChannelAnswer, EventKind.ChannelBridge,
        EventKind.CallUpdate, EventKind.ChannelHangupComplete, EventKind.ChannelDestroy, EventKind.Heartbeat,
    ];

    private byte[] _scratch = new byte[8_192];
    private byte[]? _callIdHeader;

    /// <summary>The header of the configured <c>call_id_variable</c>.</summary>
    public void SetCallIdVariable(string? name) => _callIdHeader = name is null ? null : Encoding.UTF8.GetBytes("variable_" + name);

    /// <summary>Updates a leg from an event. A channel dump only fills in what is unknown: it may be older.</summary>
    public void Observe(Leg leg, scoped in FreeSwitchEvent e)
    {
        if (e.Kind is EventKind.RecvRtcp or EventKind.SendRtcp)
        {
            RtcpMedia.Observe(leg, e);
            return;
        }

        if (e.Kind == EventKind.Log)
        {
            IceRemote.Observe(leg, e);
            return;
        }

        bool fillOnly = e.Kind == EventKind.ChannelData;
        ObserveChannel(leg, e);
        ObserveCallId(leg, e, fillOnly);
        ObserveOrigin(leg, e);
        ObserveMedia(leg, e, fillOnly);
    }

    private static void ObserveChannel(Leg leg, scoped in FreeSwitchEvent e)
    {
        HeaderValue name = e.Get(KnownHeader.ChannelName);
        if (!name.IsEmpty)
        {
            leg.IsDescribed = true;
            leg.Protocol = name.Raw.StartsWith("sofia/"u8) || name.Raw.StartsWith("sofia\\/"u8) ? LegProtocol.Sip : LegProtocol.Other;
        }

        leg.SensitiveDtmf |= e.Get(KnownHeader.VariableSensitiveDtmf).IsTrue();
    }

    private void ObserveCallId(Leg leg, scoped in FreeSwitchEvent e, bool fillOnly)
    {
        HeaderValue final = e.Get(KnownHeader.VariableSipCallId);
        if (!final.IsEmpty)
        {
            if (!fillOnly || !leg.CallIdIsFinal)
            {
                SetIfChanged(ref leg.CallId, final);
                leg.CallIdIsFinal = true;
            }
        }
        else if (leg.CallId.IsEmpty)
        {
            HeaderValue invited = e.Get(KnownHeader.VariableSipInviteCallId);
            if (!invited.IsEmpty && !e.Get(KnownHeader.CallDirection).Is("inbound"u8))
            {
                SetIfChanged(ref leg.CallId, invited);
            }
        }

        if (_callIdHeader is not null)
        {
            HeaderValue named = e.Find(_callIdHeader);
            if (!named.IsEmpty && (!fillOnly || leg.NamedCallId.IsEmpty))
            {
                SetIfChanged(ref leg.NamedCallId, named);
            }
        }
    }

    private void ObserveOrigin(Leg leg, scoped in FreeSwitchEvent e)
    {
        if (leg.Originator.IsEmpty)
        {
            HeaderValue originator = e.Get(KnownHeader.VariableOriginator);
            if (originator.IsEmpty && e.Get(KnownHeader.OtherType).Is("originator"u8))
            {
                originator = e.Get(KnownHeader.OtherLegUniqueId);
            }

            if (!originator.IsEmpty)
            {
                SetIfChanged(ref leg.Originator, originator);
            }
        }

        if (leg.LoopbackPeer.IsEmpty)
        {
            HeaderValue peer = e.Get(KnownHeader.VariableOtherLoopbackLegUuid);
            if (!peer.IsEmpty)
            {
                SetIfChanged(ref leg.LoopbackPeer, peer);
            }
        }
    }

    private void ObserveMedia(Leg leg, scoped in FreeSwitchEvent e, bool fillOnly)
    {
        if (!(fillOnly && leg.HasSignalingAddress)
            && HepAddress.TryParse(Text(e.Get(KnownHeader.VariableSipLocalNetworkAddr)), out HepAddress signaling))
        {
            leg.SignalingAddress = signaling;
            leg.HasSignalingAddress = true;
        }

        // Before the addresses: their meaning depends on ICE.
        ObserveSdp(e.Get(KnownHeader.VariableRtpLocalSdpStr), ref leg.LocalSdp, ref leg.LocalSdpHash, fillOnly);
        ObserveSdp(e.Get(KnownHeader.VariableSwitchRSdp), ref leg.RemoteSdp, ref leg.RemoteSdpHash, fillOnly);
        ObserveEndpoint(e, KnownHeader.VariableLocalMediaIp, KnownHeader.VariableLocalMediaPort, ref leg.Audio.Local, ref leg.Audio.LocalPort, fillOnly);
        ObserveEndpoint(e, KnownHeader.VariableLocalVideoIp, KnownHeader.VariableLocalVideoPort, ref leg.Video.Local, ref leg.Video.LocalPort, fillOnly);
        ObserveRemotes(leg, e, fillOnly);
        if (leg.Video.LocalPort != 0)
        {
            leg.Video.Clock = 90_000;
        }

        ObserveNumber(e, KnownHeader.VariableRtpUseSsrc, ref leg.Audio.LocalSsrc, fillOnly);
        ObserveNumber(e, KnownHeader.VariableRtpUseVideoSsrc, ref leg.Video.LocalSsrc, fillOnly);
        ObserveNumber(e, KnownHeader.VariableRtpUseCodecRate, ref leg.Audio.Clock, fillOnly);

        // G.722 samples at 16,000 Hz, but its RTP clock runs at 8,000 Hz (RFC 3551, 4.5.2).
        if (leg.Audio.Clock == 16_000 && e.Get(KnownHeader.VariableRtpUseCodecName).Is("G722"u8))
        {
            leg.Audio.Clock = 8_000;
        }
    }

    private void ObserveRemotes(Leg leg, scoped in FreeSwitchEvent e, bool fillOnly)
    {
        // With ICE, remote_audio is the chosen address, while remote_media falls back to the SDP's on each re-INVITE. Without ICE it is the other way
        // round: remote_audio comes from auto-adjust, and a re-INVITE does not update it.
        HepAddress address = default;
        ushort port = 0;
        if (leg.RemoteSdp.Audio.IceUfrag != 0)
        {
            ObserveEndpoint(e, KnownHeader.VariableRemoteAudioIp, KnownHeader.VariableRemoteAudioPort, ref address, ref port, fillOnly: false);
        }

        bool isChosen = port != 0;
        if (!isChosen)
        {
            ObserveEndpoint(e, KnownHeader.VariableRemoteMediaIp, KnownHeader.VariableRemoteMediaPort, ref address, ref port, fillOnly: false);
        }

        if (port != 0 && !(fillOnly && leg.Audio.RemotePort != 0))
        {
            IceRemote.Take(ref leg.Audio, leg.RemoteSdp.Audio, address, port, isChosen);
        }

        port = 0;
        ObserveEndpoint(e, KnownHeader.VariableRemoteVideoIp, KnownHeader.VariableRemoteVideoPort, ref address, ref port, fillOnly: false);
        if (port != 0 && !(fillOnly && leg.Video.RemotePort != 0))
        {
            IceRemote.Take(ref leg.Video, leg.RemoteSdp.Video, address, port, isChosen: false);
        }
    }

    private void ObserveEndpoint(
        scoped in FreeSwitchEvent e, KnownHeader ipHeader, KnownHeader portHeader, ref HepAddress address, ref ushort port, bool fillOnly)
    {
        HeaderValue portValue = e.Get(portHeader);
        if (portValue.IsEmpty || (fillOnly && port != 0) || !portValue.TryParsePort(out ushort newPort)
            || !HepAddress.TryParse(Text(e.Get(ipHeader)), out HepAddress newAddress))
        {
            return;
        }

        address = newAddress;
        port = newPort;
    }

    private static void ObserveNumber(scoped in FreeSwitchEvent e, KnownHeader header, ref uint value, bool fillOnly)
    {
        if (e.Has(header) && !(fillOnly && value != 0) && e.Get(header).TryParseUInt32(out uint number) && number != 0)
        {
            value = number;
        }
    }

    // Every event of a channel repeats its SDP, which rarely changes: parse it only if its bytes differ.
    private void ObserveSdp(HeaderValue sdp, ref SdpFacts facts, ref ulong hash, bool fillOnly)
    {
        if (sdp.IsEmpty || (fillOnly && hash != 0))
        {
            return;
        }

        ulong newHash = ByteHash.Compute(sdp.Raw) | 1;
        if (newHash != hash)
        {
            hash = newHash;
            facts = SdpFacts.Read(Text(sdp));
        }
    }

    private void SetIfChanged(ref ByteString kept, HeaderValue value)
    {
        ReadOnlySpan<byte> text = Id(value);
        if (!text.SequenceEqual(kept.Span))
        {
            kept.Set(text);
        }
    }

    private void SetIfChanged(ref InlineByteString kept, HeaderValue value)
    {
        ReadOnlySpan<byte> text = Id(value);
        if (!text.SequenceEqual(kept.Span))
        {
            kept.Set(text);
        }
    }

    private ReadOnlySpan<byte> Id(HeaderValue value)
    {
        GrowScratch(value);
        return value.DecodeId(_scratch);
    }

    private ReadOnlySpan<byte> Text(HeaderValue value)
    {
        GrowScratch(value);
        return value.Decode(_scratch);
    }

    private void GrowScratch(HeaderValue value)
    {
        if (_scratch.Length < value.MaxDecodedLength)
        {
            _scratch = new byte[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)value.MaxDecodedLength)];
        }
    }
}
