namespace HepBridge.FreeSwitch.Esl;

/// <summary>The format in which the switch sends events.</summary>
public enum EslEventFormat
{
    /// <summary>URL-encoded header lines.</summary>
    Plain,

    /// <summary>A JSON object.</summary>
    Json,
}
