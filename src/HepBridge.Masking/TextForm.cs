namespace HepBridge.Masking;

/// <summary>Kind of a text; determines how its parts end.</summary>
internal enum TextForm
{
    /// <summary>One decoded value.</summary>
    Value,

    /// <summary>The content of a JSON string, with its escapes.</summary>
    JsonString,

    /// <summary>Text with several values.</summary>
    Text,

    /// <summary>A SIP message.</summary>
    Sip,
}
