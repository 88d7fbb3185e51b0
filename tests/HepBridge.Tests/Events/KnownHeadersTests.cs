using System.Text;
using HepBridge.FreeSwitch.Events;

namespace HepBridge.Tests.Events;

/// <summary>The table of known header names.</summary>
public class KnownHeadersTests
{
    [Fact]
    public void Every_known_header_is_found_by_its_name_in_any_case()
    {
        Assert.Equal(Enum.GetValues<KnownHeader>().Length, KnownHeaders.Count);
        for (int i = 1; i < KnownHeaders.Count; i++)
        {
            KnownHeader header = (KnownHeader)i;
            string name = Encoding.ASCII.GetString(KnownHeaders.NameOf(header));

            Assert.Equal(header, KnownHeaders.Find(Encoding.ASCII.GetBytes(name)));
            Assert.Equal(header, KnownHeaders.Find(Encoding.ASCII.GetBytes(name.ToUpperInvariant())));
            Assert.Equal(header, KnownHeaders.Find(Encoding.ASCII.GetBytes(name.ToLowerInvariant())));
        }
    }

    [Fact]
    public void Names_and_enum_members_match()
    {
        for (int i = 1; i < KnownHeaders.Count; i++)
        {
            string name = Encoding.ASCII.GetString(KnownHeaders.NameOf((KnownHeader)i));

            // A row of names too few or too many would shift all that follow.
            Assert.Equal(((KnownHeader)i).ToString().StartsWith("Variable", StringComparison.Ordinal), name.StartsWith("variable_", StringComparison.Ordinal));
            Assert.Equal(1, Enumerable.Range(1, KnownHeaders.Count - 1).Count(other =>
                name.Equals(Encoding.ASCII.GetString(KnownHeaders.NameOf((KnownHeader)other)), StringComparison.OrdinalIgnoreCase)));
        }

        Assert.Equal("Unique-ID"u8, KnownHeaders.NameOf(KnownHeader.UniqueId));
        Assert.Equal("variable_sip_call_id"u8, KnownHeaders.NameOf(KnownHeader.VariableSipCallId));
        Assert.Equal("Octect-Packet-Count"u8, KnownHeaders.NameOf(KnownHeader.SenderOctetCount));
        Assert.Equal("variable_rtp_video_out_packet_count"u8, KnownHeaders.NameOf((KnownHeader)(KnownHeaders.Count - 1)));
    }

    [Fact]
    public void Two_names_that_share_a_slot_are_reported()
    {
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => KnownHeaderTable.FindMultiplier(["", "Unique-ID", "Core-UUID", "unique-id"]));
        Assert.StartsWith("The headers Unique-ID and unique-id share a slot", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_differs_in_one_byte_is_unknown()
    {
        for (int i = 1; i < KnownHeaders.Count; i++)
        {
            byte[] name = KnownHeaders.NameOf((KnownHeader)i).ToArray();
            for (int at = 0; at < name.Length; at++)
            {
                byte kept = name[at];
                name[at] = (byte)'~';
                Assert.Equal(KnownHeader.None, KnownHeaders.Find(name));
                name[at] = kept;
            }

            Assert.NotEqual((KnownHeader)i, KnownHeaders.Find(name.AsSpan(1)));
            Assert.NotEqual((KnownHeader)i, KnownHeaders.Find(name.AsSpan(0, name.Length - 1)));
        }
    }
}
