namespace HepBridge.Inputs.Janus;

/// <summary>Why a request was rejected. The names are the values of the metric's <c>reason</c> label.</summary>
internal enum JanusRejection
{
    /// <summary>Not a POST.</summary>
    BadMethod,

    /// <summary>From an address that is not in <c>allowed_senders</c>.</summary>
    SenderNotAllowed,

    /// <summary>Without the user and password of the configuration.</summary>
    Unauthorized,

    /// <summary>From a web page: Janus sends no Origin.</summary>
    WebPage,

    /// <summary>Compressed other than by gzip or deflate, or badly.</summary>
    BadEncoding,

    /// <summary>Larger than <c>max_body</c>.</summary>
    TooLarge,

    /// <summary>Not JSON, neither an object nor an array.</summary>
    BadJson,

    /// <summary>JSON without any event.</summary>
    NoEvent,
}
