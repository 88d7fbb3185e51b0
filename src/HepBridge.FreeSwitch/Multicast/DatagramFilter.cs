namespace HepBridge.FreeSwitch.Multicast;

/// <summary>Splits received datagrams into events and rejects: checks the sender, then the trailer or psk. Not thread-safe.</summary>
internal sealed class DatagramFilter(SenderFilter senders, PskCipher? cipher, IMulticastHandler handler, MulticastCounters counters)
{
    /// <summary>Passes on the datagrams that a reader has just read, in a batch over its buffer.</summary>
    public void Filter(DatagramReader reader, MulticastBatch batch, int count)
    {
        long bytes = 0;
        batch.Clear();
        for (int slot = 0; slot < count; slot++)
        {
            int length = reader.Length(slot);
            SenderAddress sender = reader.Sender(slot);
            bytes += length;
            DatagramReject reason = DatagramReject.ForeignSender;
            int offset = 0;
            int eventLength = 0;
            if (senders.Allows(sender))
            {
                reason = MulticastDatagram.Open(reader.Buffer, slot * DatagramReader.SlotLength, length, cipher, out offset, out eventLength);
            }

            if (reason == DatagramReject.None)
            {
                batch.Add(offset, eventLength, sender);
            }
            else
            {
                counters.Reject(reason);
                handler.OnRejected(reason, sender);
            }
        }

        counters.Read(count, bytes, batch.Count);
        if (batch.Count > 0)
        {
            handler.OnBatch(batch);
        }
    }
}
