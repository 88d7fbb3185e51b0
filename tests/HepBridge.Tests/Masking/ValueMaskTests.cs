using System.Text;
using System.Text.Json;
using HepBridge.Masking;

namespace HepBridge.Tests.Masking;

/// <summary>Secrets in texts. In each case «…» marks the part that must be masked; nothing else may change.</summary>
public class ValueMaskTests
{
    [Theory]
    [InlineData("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:«d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj»|2^20|1:4 FEC_ORDER=FEC_SRTP\r\na=rtpmap:0 PCMU/8000")]
    [InlineData("AES_CM_128_HMAC_SHA1_80 inline:«SRTPKEY+/=»")]
    [InlineData("v=0\r\no=- 1 1 IN IP4 192.0.2.10\r\na=ice-ufrag:abcd\r\na=ice-pwd:«ICEPASSWORD/1+»\r\nm=audio 30000 RTP/SAVP 0")]
    [InlineData("v=0\r\nk=«clear:hush»\r\na=key-mgmt:mikey «AQAFgM0XflABAAAAAAAAAAAAAAsAyO==»\r\n")]
    public void Keys_of_media(string marked) => Check(marked);

    [Theory]
    [InlineData("{sip_auth_username=1000,sip_auth_password=«s3cr et!;&»}sofia/gateway/gw/1001")]
    [InlineData("{sip_auth_password=«a\\,b»,x=y}sofia/external/1001@192.0.2.9")]
    [InlineData("{^^:sip_auth_password=«a,b»:leg_timeout=10}sofia/external/1001@192.0.2.9")]
    [InlineData("[sip_auth_password=«s3cret»,leg_timeout=20]sofia/gateway/a/1|[sip-auth-password=«s3cret»]sofia/gateway/b/2")]
    [InlineData("<sip_auth_password='«my pass, word»',x=y>sofia/gateway/a/1")]
    [InlineData("user/1000,{originate_timeout=9}[SIP_AUTH_PASSWORD=«S3cret»]sofia/gateway/gw/1001")]
    [InlineData("sip_auth_password=«s3cret, with; all»")]
    [InlineData("nolocal:sip_auth_password=«s3cret word»")]
    [InlineData("1000 XML default password=«x» y")]
    [InlineData("set to vm-password: «1234» now")]
    [InlineData("http://example.net/cdr?user=1000&api_key=«abc»&token=«def»&x=1")]
    [InlineData("2026-11-26 12:00:00.000000 [DEBUG] mod_dptools.c:1684 SET sofia/internal/1000@192.0.2.10 [sip_auth_password]=[«s3 cret»]")]
    [InlineData("EXECUTE [depth=0] sofia/internal/1000@x bridge({sip_auth_password=«s3cret»}sofia/gateway/gw/1)")]
    [InlineData("<param name=\"x\" password=\"«se cret»\" pin='«12 34»'/>")]
    [InlineData("{\"user\":\"1000\",\"passwd\":\"«se\\\"cret»\",\"n\":1}")]
    public void Passwords_by_name(string marked) => Check(marked);

    [Theory]
    [InlineData("sofia/external/1000:«s3cret»@192.0.2.9:5060")]
    [InlineData("sip:1000:«s3cret»@192.0.2.9;transport=tcp")]
    [InlineData("<sips:bob:«p@ss»@example.net>;expires=60")]
    [InlineData("http://bob:«secret»@example.net:8080/x?y=z")]
    [InlineData("bob:«secret»@example.net")]
    [InlineData("user:«password»@a,carol:«pass2»@b")]
    public void Passwords_before_a_host(string marked) => Check(marked);

    [Theory]
    [InlineData("REGISTER sip:h SIP/2.0\r\nCall-ID: a:b@h\r\nAuthorization: Digest username=\"u\", realm=\"r\", response=\"«abc123»\", nc=1\r\nPROXY-AUTHORIZATION: Basic «dXNlcjpwYXNz»\r\n\r\n")]
    [InlineData("REGISTER sip:h SIP/2.0\r\nAuthorization: Basic\r\nFrom: <sip:1000:«pw»@h>\r\nTo: <sip:1000@h>\r\n\r\n", false)]
    [InlineData("SIP/2.0 200 OK\r\ni: x:y@h\r\nIn-Reply-To: c:d@h\r\nContact: <sip:1000@10.0.0.1:5060>\r\n\r\n", false)]
    [InlineData("recv 500 bytes: Proxy-Authorization: Digest username=\"1000\",response=\"«0123456789abcdef0123456789abcdef»\",cnonce=\"x\"", false)]
    [InlineData("Authorization: Bearer «abc.def.ghi jkl»", false)]
    public void Credentials_of_SIP(string marked, bool isSip = true)
    {
        if (isSip || marked.Contains("SIP/2.0", StringComparison.Ordinal))
        {
            CheckPayload(marked.Replace("Authorization: Basic\r\n", "Authorization: «Basic»\r\n", StringComparison.Ordinal));
        }
        else
        {
            Check(marked);
        }
    }

    [Theory]
    [InlineData("sofia/internal/1000@192.0.2.10:5060")]
    [InlineData("sip:1000@192.0.2.10")]
    [InlineData("tel:+14045550100")]
    [InlineData("<sip:1000@[2001:db8::1]:5060;transport=tls>")]
    [InlineData("conference:3000@default")]
    [InlineData("shipping=5 spinning:6 response=200 tokenless k=5")]
    [InlineData("v=0\r\no=- 1 1 IN IP4 192.0.2.10\r\ns=-\r\nc=IN IP4 192.0.2.10\r\nt=0 0\r\nm=audio 30000 RTP/AVP 0 101\r\na=rtpmap:0 PCMU/8000\r\na=ice-ufrag:abcd\r\na=fingerprint:sha-256 AA:BB:CC\r\n")]
    [InlineData("SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bK1;rport=5060")]
    [InlineData("callid=a:b@host uuid=x call-id: c:d@host")]
    [InlineData("fire_rtcp_events=true")]
    [InlineData("")]
    [InlineData(":")]
    [InlineData("@")]
    [InlineData("=@:")]
    public void Text_that_is_not_secret_is_unchanged(string text) => Check(text);

    [Theory]
    [InlineData("""{"variable_sip_auth_password":"«s3cret»","variable_sip_call_id":"a:b@h","callid":"c:d@h","from":"1000","n":1}""")]
    [InlineData("""{"variable_switch_r_sdp":"v=0\r\na=crypto:1 AES inline:«KEY+\/=»\r\na=ice-pwd:«PW»\r\nk=«clear:x»\r\nm=audio"}""")]
    [InlineData("""{"variable_current_application_data":"{sip_auth_password=«a\"b c»,x=y}sofia\/gateway\/g\/1"}""")]
    [InlineData("""{"Application-Data":"sip_auth_password=«a\"b\\c d»","Application":"set"}""")]
    [InlineData("""{"to":"sofia\/external\/1000:«pw»@h","x":"{\"password\":\"«in ner»\"}"}""")]
    [InlineData("""{"sip_h_Authorization":"Basic «abc»","b":"Authorization: Digest username=\"u\", response=\"«0123456789abcdef»\""}""")]
    [InlineData("""{"pin":«1234»,"x":5}""")]
    [InlineData("""{sip_auth_password=«s3cret»}sofia/gateway/g/1""")]
    public void Json_payloads(string marked) => CheckPayload(marked);

    [Fact]
    public void Configured_patterns_replace_the_defaults_and_an_empty_list_masks_nothing()
    {
        Assert.Equal("a x-acct=*** password=abc", Mask(ValueMask.Create(["X-Acct=*"]), "a x-acct=123 password=abc"));
        Assert.Equal("bob:**@h carol:pw@h", Mask(ValueMask.Create(["bob:*@"]), "bob:pw@h carol:pw@h"));
        Assert.Equal("password=abc bob:pw@h", Mask(ValueMask.Create([]), "password=abc bob:pw@h"));
    }

    [Theory]
    [InlineData("password=*", true)]
    [InlineData("*pass*: *", true)]
    [InlineData("key-mgmt:**", true)]
    [InlineData("*:*@", true)]
    [InlineData("password", false)]
    [InlineData("=*", false)]
    [InlineData("*=*", false)]
    [InlineData("pass word=*", false)]
    [InlineData("password=secret", false)]
    [InlineData("", false)]
    public void A_pattern_has_a_name_and_an_extent(string text, bool isPattern)
    {
        Assert.Equal(isPattern, ValueMask.IsPattern(text));
        if (!isPattern)
        {
            Assert.Throws<ArgumentException>(() => ValueMask.Create([text]));
        }
    }

    [Fact]
    public void All_default_patterns_are_valid() => Assert.All(ValueMask.DefaultPatterns, static text => Assert.True(ValueMask.IsPattern(text)));

    [Fact]
    public void Masking_keeps_text_and_json_valid()
    {
        Random random = new(7);
        string[] parts = ["password=", "{", "}", "[", "^^:", ",", "\"", "\\", "\r\n", "inline:", "a=", "@", "bob:", "sip:", "é", "→", " ", "Authorization: ", "Digest ", "response=", "x", "12", "'", "k="];
        for (int run = 0; run < 5_000; run++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => parts[random.Next(parts.Length)]));
            string json = JsonSerializer.Serialize(new Dictionary<string, string> { ["a"] = text, ["password"] = text, ["z"] = "end" });
            string masked = MaskPayload(json);
            JsonElement read = JsonDocument.Parse(masked).RootElement;
            Assert.Equal("end", read.GetProperty("z").GetString());
            Assert.DoesNotContain('\ufffd', Mask(ValueMask.Default, text));
        }
    }

    [Fact]
    public void Time_is_linear_in_the_length()
    {
        // Each of these makes a line of 64 KB that would keep a backtracking search busy for minutes.
        foreach (string part in (string[])["password=", "password=\"a", "{password=a", "a:@", "a:b@", "@", "[", "sip:", "\\\"password\\\"", "response=", "Authorization:", "{\"password\":"])
        {
            string text = string.Concat(Enumerable.Repeat(part, 65_536 / part.Length));
            Assert.Equal(Encoding.UTF8.GetByteCount(text), Mask(ValueMask.Default, text).Length);
            Assert.Equal(Encoding.UTF8.GetByteCount(text), MaskPayload("{\"a\":\"" + text).Length - 6);
        }
    }

    private static void Check(string marked)
    {
        string masked = Mask(ValueMask.Default, Bare(marked));
        Assert.Equal(Starred(marked), masked);
        Assert.Equal(masked, Mask(ValueMask.Default, masked));
    }

    private static void CheckPayload(string marked)
    {
        string masked = MaskPayload(Bare(marked));
        Assert.Equal(Starred(marked), masked);
        Assert.Equal(masked, MaskPayload(masked));
    }

    private static string Bare(string marked) => marked.Replace("«", "", StringComparison.Ordinal).Replace("»", "", StringComparison.Ordinal);

    private static string Starred(string marked)
    {
        StringBuilder starred = new();
        bool inside = false;
        foreach (char c in marked)
        {
            inside = c == '«' || (inside && c != '»');
            starred.Append(c is '«' or '»' ? "" : !inside ? c.ToString() : marked.Contains("{\"pin\":«", StringComparison.Ordinal) && char.IsDigit(c) ? "1" : "*");
        }

        return starred.ToString();
    }

    private static string Mask(ValueMask mask, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        mask.Apply(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    private static string MaskPayload(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        ValueMask.Default.ApplyToPayload(bytes);
        return Encoding.UTF8.GetString(bytes);
    }
}
