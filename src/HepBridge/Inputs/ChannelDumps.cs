using HepBridge.FreeSwitch.Events;
using HepBridge.Pipeline;

namespace HepBridge.Inputs;

/// <summary>Passes the details of channels in progress to the pipeline, as a switch answers <c>uuid_dump</c>.</summary>
internal sealed class ChannelDumps(EventPipeline pipeline, InputBinding binding)
{
    private readonly EventParser _parser = new();

    /// <summary>Processes one answer: an event in plain text.</summary>
    public void Process(ReadOnlySpan<byte> plainEvent)
    {
        lock (pipeline.Gate)
        {
            // It has no delivery to acknowledge, whatever the switch answers.
            binding.Receipt = 0;
            if (_parser.TryParse(plainEvent, EventEncoding.Plain, out FreeSwitchEvent e, out EventRejection rejection))
            {
                pipeline.Process(e, binding);
            }
            else
            {
                pipeline.CountMalformed(binding, rejection);
            }

            pipeline.EndBatch();
        }
    }
}
