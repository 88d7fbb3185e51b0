namespace HepBridge.FreeSwitch.Multicast;

/// <summary>
/// What a <see cref="MulticastReceiver"/> tells its owner. Each listening address has its own thread, so calls for different addresses may come at once.
/// </summary>
public interface IMulticastHandler
{
    /// <summary>Events have arrived, already found, checked and decrypted. The batch and its spans are valid until this returns.</summary>
    void OnBatch(MulticastBatch batch);

    /// <summary>A datagram was refused (it is counted already).</summary>
    void OnRejected(DatagramReject reason, SenderAddress sender);

    /// <summary>An address is listened to, joined again, or can't be for now.</summary>
    void OnListener(MulticastListenerStatus status);
}
