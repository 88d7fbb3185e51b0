namespace HepBridge.FreeSwitch.Multicast;

/// <summary>Result of <see cref="PskCipher.Check"/>.</summary>
public enum PskCheck
{
    /// <summary>4 to 56 bytes: every Blowfish takes it.</summary>
    Good,

    /// <summary>Outside 4 to 56 bytes: it works, but newer releases of BouncyCastle refuse more than 56.</summary>
    Unusual,

    /// <summary>No bytes.</summary>
    Empty,

    /// <summary>More than 72 bytes: Blowfish would ignore the rest.</summary>
    TooLong,
}
