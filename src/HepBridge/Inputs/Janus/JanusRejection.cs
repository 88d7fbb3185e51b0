namespace HepBridge.Inputs.Janus;

/// <summary>Why a request was rejected. The names are the values of the metric's <c>reason</c> label.</summary>
internal enum JanusRejection
{
    /// <summary>Not a POST.</summary>
    BadMethod,

    /// <summary>From an address that is not in <c>allowed_senders</c>.</summary>
    SenderNotAllowed,

    /// <summary>Without the configured user and password.</summary>
    Unauthorized,

    /// <summary>From a web page: Janus sends no Origin.</summary>
    WebPage,

    /// <summary>Compressed with something other than gzip or deflate, or corrupt.</summary>
    BadEncoding,

    /// <summary>Larger than <c>max_body</c>.</summary>
    TooLarge,

    /// <summary>Not a JSON object or array.</summary>
    BadJson,

    /// <summary>JSON without an event.</summary>
    NoEvent,
}
