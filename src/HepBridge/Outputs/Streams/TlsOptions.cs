namespace HepBridge.Outputs.Streams;

/// <summary>The values of <c>tls_verify</c>, <c>tls_ca</c>, <c>tls_cert</c>, <c>tls_key</c> and <c>tls_server_name</c>.</summary>
internal sealed record TlsOptions(bool Verify = true, string? Ca = null, string? Certificate = null, string? Key = null, string? ServerName = null);
