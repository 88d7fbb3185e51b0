namespace HepBridge.Commands.Demo;

/// <summary>Options of the demo.</summary>
/// <param name="Speed">Playback speed; 1 is as recorded.</param>
/// <param name="IsMulticast">Whether the switch uses mod_event_multicast instead of its event socket.</param>
/// <param name="IsVerbose">Whether to print every packet.</param>
/// <param name="WebPort">Port of the page, which stays until the demo is stopped; null for no page.</param>
internal sealed record DemoOptions(double Speed, bool IsMulticast, bool IsVerbose, int? WebPort);
