namespace HepBridge.Masking;

/// <summary>What a text is, and so how its parts end.</summary>
internal enum TextForm
{
    /// <summary>One value, decoded.</summary>
    Value,

    /// <summary>The inside of a JSON string, with its escapes.</summary>
    JsonString,

    /// <summary>A text of several values.</summary>
    Text,

    /// <summary>A SIP message.</summary>
    Sip,
}
