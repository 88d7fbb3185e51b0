using System.Buffers.Binary;
using HepBridge.FreeSwitch.Multicast;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;

namespace HepBridge.Tests.Multicast;

public sealed class BlowfishTests
{
    private static readonly byte[] _iv = Convert.FromHexString("1032547698badcfe");

    // OpenSSL's BF_set_key and BF_cbc_encrypt with the key 1, 2, 3, …
    [Theory]
    [InlineData(1, "3654b1a78e7df9463e1794a8ee0824ea")]
    [InlineData(3, "c00828a07b23f6148814f0589ade6ef1")]
    [InlineData(14, "ae9b0f4eacc223beaa2c2ba61460c4a4")]
    [InlineData(39, "8f55f99eb63f50929a92904d5c6fdcbf")]
    [InlineData(56, "9c34803137b10935c581bbd1069b92bf")]
    [InlineData(57, "179fd7ebdea8825a30c9be51d568d93e")]
    [InlineData(59, "cce8c43225684e81365a24772607b7d2")]
    [InlineData(71, "d4a52d0eff50f6fb0eb34f31718d4182")]
    [InlineData(72, "3b97e2e9a9a6b184903c09cb4a3e25db")]
    public void It_encrypts_like_OpenSSL_with_any_key_length(int keyLength, string expected)
    {
        byte[] text = [.. "Event-Name: API\n"u8];
        Blowfish cipher = new([.. Enumerable.Range(1, keyLength).Select(i => (byte)i)]);
        cipher.Encrypt(text, BinaryPrimitives.ReadUInt64BigEndian(_iv));
        Assert.Equal(expected, Convert.ToHexStringLower(text));
    }

    [Fact]
    public void It_decrypts_any_number_of_blocks_like_BouncyCastle()
    {
        Random random = new(8);
        byte[] key = new byte[39];
        random.NextBytes(key);
        Blowfish cipher = new(key);
        CbcBlockCipher reference = new(new BlowfishEngine());
        for (int blocks = 0; blocks <= 40; blocks++)
        {
            byte[] text = new byte[blocks * Blowfish.BlockLength];
            random.NextBytes(text);
            byte[] expected = new byte[text.Length];
            reference.Init(false, new ParametersWithIV(new KeyParameter(key), _iv));
            for (int at = 0; at < text.Length; at += Blowfish.BlockLength)
            {
                reference.ProcessBlock(text, at, expected, at);
            }

            byte[] apart = new byte[text.Length];
            cipher.Decrypt(text, BinaryPrimitives.ReadUInt64BigEndian(_iv), apart);
            Assert.Equal(expected, apart);
            cipher.Decrypt(text, BinaryPrimitives.ReadUInt64BigEndian(_iv), text);
            Assert.Equal(expected, text);
        }
    }
}
