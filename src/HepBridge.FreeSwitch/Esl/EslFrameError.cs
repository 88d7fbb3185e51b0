namespace HepBridge.FreeSwitch.Esl;

/// <summary>Why bytes can't be frames of an event socket. After any of these the stream's boundaries are lost: close it.</summary>
public enum EslFrameError
{
    /// <summary>Nothing is wrong.</summary>
    None,

    /// <summary>A header line without a colon: most likely another protocol's server.</summary>
    HeaderWithoutColon,

    /// <summary>More than 16 KB of headers without the blank line that ends them.</summary>
    HeadersTooLong,

    /// <summary>No <c>Content-Type</c> among the headers.</summary>
    NoContentType,

    /// <summary><c>Content-Length</c> isn't a decimal number, or two of them disagree.</summary>
    BadContentLength,

    /// <summary>Headers and body together are larger than the reader's cap.</summary>
    FrameTooLong,
}
