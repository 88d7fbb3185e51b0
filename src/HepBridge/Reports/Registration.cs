namespace HepBridge.Reports;

/// <summary>Where a user is registered, as the latest event about it said.</summary>
/// <param name="User">user@host.</param>
/// <param name="Node">The switch's name.</param>
/// <param name="Contact">The contact, as in the REGISTER.</param>
/// <param name="Network">Where the REGISTER came from: address and port; empty if unknown.</param>
/// <param name="UserAgent">What the device calls itself.</param>
/// <param name="CallId">The REGISTER's Call-ID: one a device.</param>
/// <param name="Since">When the latest REGISTER's event arrived: nodes' clocks may differ, and the latest one counts.</param>
/// <param name="Expires">When it ends unless refreshed.</param>
internal readonly record struct Registration(
    string User, string Node, string Contact, string Network, string UserAgent, string CallId, DateTimeOffset Since, DateTimeOffset Expires);
