using HepBridge.Calls;
using HepBridge.Configuration;
using HepBridge.FreeSwitch.Events;
using HepBridge.Hep;

namespace HepBridge.Reports;

/// <summary>
/// A user's registration or presence (HEP type 100) with the REGISTER's Call-ID and the switch's name, so that a
/// collector shows which node a user is on (sofia_reg.c).
/// </summary>
internal sealed class RegistrationReport : IReport
{
    private readonly RegistrationChanges _changes = new();

    public static EventSelection Select(ReportOptions options) => options.RegistrationEvents
        ? new EventSelection(EventKind.Register, EventKind.Unregister, EventKind.RegisterExpire, EventKind.RegisterFailure, EventKind.PresenceIn)
        {
            // A failure's event has no Call-ID; the attempt before it does.
            Needs = [EventKind.RegisterAttempt],
        }
        : EventSelection.None;

    public bool Write(scoped in FreeSwitchEvent e, scoped in ReportContext context, PacketSink sink)
    {
        bool isNew = e.Kind == EventKind.PresenceIn || _changes.IsChange(e, context.Switch);
        if (!isNew && context.Plan.Options.Registrations == RegistrationReports.Changes)
        {
            return false;
        }

        sink.Write(e, context, PacketHead.Log(context.LogAddress), 0, WriteText);
        return true;
    }

    /// <summary>The user part of the registering user: from-user, or "user" in sofia::expire.</summary>
    public static HeaderValue User(scoped in FreeSwitchEvent e)
    {
        HeaderValue user = EventText.FirstOf(e, KnownHeader.FromUser, KnownHeader.ToUser, KnownHeader.PresenceFrom);
        return user.IsEmpty ? e.Find("user"u8) : user;
    }

    /// <summary>The host part of the registering user.</summary>
    public static HeaderValue Host(scoped in FreeSwitchEvent e)
    {
        HeaderValue host = EventText.FirstOf(e, KnownHeader.FromHost, KnownHeader.ToHost);
        return host.IsEmpty ? e.Find("host"u8) : host;
    }

    private static ReadOnlySpan<byte> State(EventKind kind) => kind switch
    {
        EventKind.Register => "REGISTER"u8,
        EventKind.Unregister => "UNREGISTER"u8,
        EventKind.RegisterExpire => "EXPIRE"u8,
        EventKind.RegisterFailure => "REGISTER_FAILURE"u8,
        _ => "PRESENCE"u8,
    };

    private static void WriteText(ref PayloadWriter writer, scoped in FreeSwitchEvent e, scoped in ReportContext context, scoped in int unused)
    {
        writer.Raw(State(e.Kind));
        writer.Raw((byte)' ');
        writer.Text(User(e), LinePlace.Word);
        HeaderValue host = Host(e);
        if (!host.IsEmpty && e.Kind != EventKind.PresenceIn)
        {
            writer.Raw((byte)'@');
            writer.Text(host, LinePlace.Word);
        }

        writer.Raw(" on "u8);
        writer.Text(context.Switch.NameUtf8, LinePlace.Word);
        HeaderValue status = e.Get(KnownHeader.Status);
        if (!status.IsEmpty)
        {
            writer.Raw("; "u8);
            writer.Text(status, LinePlace.Part);
        }

        bool any = false;
        WriteField(ref writer, ref any, "contact"u8, e.Get(KnownHeader.Contact));
        WriteField(ref writer, ref any, "expires"u8, e.Get(KnownHeader.Expires));
        WriteNetwork(ref writer, ref any, e.Get(KnownHeader.NetworkIp), e.Get(KnownHeader.NetworkPort));
        WriteField(ref writer, ref any, "profile"u8, e.Get(KnownHeader.ProfileName));
        WriteField(ref writer, ref any, "type"u8, e.Get(KnownHeader.RegistrationType));
        WriteField(ref writer, ref any, "agent"u8, e.Get(KnownHeader.UserAgent));
        EventText.WriteTail(ref writer, e, context);
        writer.Raw(" node="u8);
        writer.Id(context.Switch.NameUtf8);
    }

    // Brackets around an IPv6 address with a port.
    private static void WriteNetwork(ref PayloadWriter writer, ref bool any, HeaderValue ip, HeaderValue port)
    {
        bool isIPv6 = HepAddress.TryParse(ip.Decode(stackalloc byte[64]), out HepAddress address) && address.IsIPv6;
        if (ip.IsEmpty || port.IsEmpty || !isIPv6)
        {
            WriteField(ref writer, ref any, "network"u8, ip);
        }
        else
        {
            writer.Raw(any ? " network=["u8 : "; network=["u8);
            writer.Address(address);
            writer.Raw((byte)']');
            any = true;
        }

        if (!ip.IsEmpty && !port.IsEmpty)
        {
            writer.Raw((byte)':');
            writer.Text(port, LinePlace.Named);
        }
    }

    // "; " before the first field present, a space before the others.
    private static void WriteField(ref PayloadWriter writer, ref bool any, ReadOnlySpan<byte> name, HeaderValue value)
    {
        if (!value.IsEmpty)
        {
            writer.Raw(any ? default : ";"u8);
            any = true;
            EventText.WriteIfPresent(ref writer, name, value);
        }
    }
}

/// <summary>
/// Tells a registration that changes something (state, contact, address, node) from a mere refresh. Bounded: clears
/// itself when full, so each user is then reported once more.
/// </summary>
internal sealed class RegistrationChanges
{
    private const int MaxUsers = 100_000;
    private readonly Dictionary<ulong, ulong> _states = [];

    public bool IsChange(scoped in FreeSwitchEvent e, Switch owner)
    {
        if (e.Kind == EventKind.RegisterFailure)
        {
            return true;
        }

        // A user has one registration per device, distinguished by Call-ID.
        ulong user = ByteHash.Compute(RegistrationReport.User(e).Raw, ByteHash.Compute(RegistrationReport.Host(e).Raw));
        user = ByteHash.Compute(e.Get(KnownHeader.RegistrationCallId).Raw, user);
        if (e.Kind is EventKind.Unregister or EventKind.RegisterExpire)
        {
            _states.Remove(user);
            return true;
        }

        ulong state = ByteHash.Compute(e.Get(KnownHeader.Contact).Raw, (ulong)owner.Index + 1);
        state = ByteHash.Compute(e.Get(KnownHeader.NetworkIp).Raw, state);
        if (_states.TryGetValue(user, out ulong known) && known == state)
        {
            return false;
        }

        if (_states.Count >= MaxUsers)
        {
            _states.Clear();
        }

        _states[user] = state;
        return true;
    }
}
