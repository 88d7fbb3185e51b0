using System.Text;
using HepBridge.Checks;
using HepBridge.Fuzz.Mutations;

namespace HepBridge.Fuzz.Targets;

/// <summary>mod_sofia's configuration as 'check' gets it from the switch: parsed, or rejected.</summary>
internal sealed class SofiaTarget() : FuzzTarget("sofia", "mod_sofia's configuration as 'check' reads it")
{
    private readonly Mutation[] _own = [
        .. TextMutations.All,
        TextMutations.Words("<!DOCTYPE a [<!ENTITY b \"c\">]>", "&b;", "&#0;", "<![CDATA[", "<param name=\"sip-capture\" value=\"1\"/>", "</profile>"),
    ];

    public override IReadOnlyList<byte[]> Corpus { get; } =
    [
        """
        <configuration name="sofia.conf" description="sofia Endpoint">
          <global_settings><param name="log-level" value="0"/><param name="capture-server" value="udp:127.0.0.1:9060;hep=3;capture_id=100"/></global_settings>
          <profiles>
            <profile name="internal"><settings><param name="rtcp-audio-interval-msec" value="5000"/><param name="sip-capture" value="yes"/></settings></profile>
            <profile name="external"><settings><param name="rtcp-audio-interval-msec" value="passthru"/></settings></profile>
          </profiles>
        </configuration>
        """u8.ToArray(),
    ];

    protected override IEnumerable<Mutation> OwnMutations => _own;

    public override Outcome Run(byte[] input)
    {
        if (SofiaSettings.Parse(Encoding.UTF8.GetString(input)) is not { } settings)
        {
            return Outcome.Refused("something else");
        }

        int found = settings.Profiles.Count(profile => profile.HasRtcp) + settings.Profiles.Count(profile => profile.Captures || profile.IsPassthru);
        return Outcome.Taken($"{Math.Min(settings.Profiles.Count, 5)} {Math.Min(found, 10)} {settings.CaptureServer is null}");
    }
}
