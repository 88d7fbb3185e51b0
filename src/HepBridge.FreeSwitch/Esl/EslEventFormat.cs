namespace HepBridge.FreeSwitch.Esl;

/// <summary>The form in which the switch writes events.</summary>
public enum EslEventFormat
{
    /// <summary>URL-encoded header lines.</summary>
    Plain,

    /// <summary>A JSON object.</summary>
    Json,
}
