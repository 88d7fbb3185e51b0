namespace HepBridge.FreeSwitch.Esl;

/// <summary>Why bytes are not event socket frames. The stream cannot be resynchronized afterwards: close it.</summary>
public enum EslFrameError
{
    None,

    /// <summary>A header line without a colon: probably another protocol.</summary>
    HeaderWithoutColon,

    /// <summary>More than 16 KB of headers without the terminating blank line.</summary>
    HeadersTooLong,

    /// <summary>No <c>Content-Type</c> among the headers.</summary>
    NoContentType,

    /// <summary><c>Content-Length</c> is not a decimal number, or two of them differ.</summary>
    BadContentLength,

    /// <summary>Headers and body together exceed the reader's limit.</summary>
    FrameTooLong,
}
