namespace HepBridge.Commands.Demo;

/// <summary>How the demo runs.</summary>
/// <param name="Speed">So many times as fast as recorded.</param>
/// <param name="IsMulticast">The switch sends by mod_event_multicast in place of its event socket.</param>
/// <param name="IsVerbose">Each packet is printed.</param>
/// <param name="WebPort">Where the page is, which stays until the demo is ended; null: no page.</param>
internal sealed record DemoOptions(double Speed, bool IsMulticast, bool IsVerbose, int? WebPort);
