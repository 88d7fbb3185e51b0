using HepBridge.Configuration;
using HepBridge.Configuration.Tables;

namespace HepBridge.Hosting;

/// <summary>Where the configuration came from, to read it again; no path: it does not come from a file, and stays.</summary>
internal sealed record ConfigurationSource(string? Path, ConfigurationEnvironment Environment, Sections Sections);
