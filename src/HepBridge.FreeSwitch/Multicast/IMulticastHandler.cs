namespace HepBridge.FreeSwitch.Multicast;

/// <summary>
/// Receives what a <see cref="MulticastReceiver"/> reports. Each listening address has its own thread, so calls for different addresses may overlap.
/// </summary>
public interface IMulticastHandler
{
    /// <summary>Events arrived, checked and decrypted. The batch and its spans are valid until this returns.</summary>
    void OnBatch(MulticastBatch batch);

    /// <summary>A datagram was rejected (already counted).</summary>
    void OnRejected(DatagramReject reason, SenderAddress sender);

    /// <summary>A listener opened, rejoined or failed.</summary>
    void OnListener(MulticastListenerStatus status);
}
