using System.Text;
using HepBridge.Configuration;
using HepBridge.Reports;

namespace HepBridge.Inputs.Amqp;

/// <summary>
/// The binding keys of what the reports need, in mod_amqp's default routing key: <c>FreeSWITCH.HOST.EVENT.SUBCLASS.UUID</c>. A group shares by switch, so there
/// routing keys name only the switch, and mod_amqp's own filter selects the events.
/// </summary>
internal static class BindingKeys
{
    public const string Everything = "#";

    public static IReadOnlyList<string> Of(AmqpInputConfiguration configuration, ReportPlan plan)
    {
        if (configuration.Bindings.Count > 0)
        {
            return configuration.Bindings;
        }

        if (configuration.IsShared)
        {
            return [Everything];
        }

        (IReadOnlyList<string> names, IReadOnlyList<string> subclasses) = plan.Subscription();
        return
        [
            .. names.Select(name => $"*.*.{name}.#"),

            // Earlier versions of mod_amqp put the subclass in as it is.
            .. subclasses.SelectMany(subclass => (IEnumerable<string>)[Encode(subclass), subclass.Replace('.', '_')]).Distinct(StringComparer.Ordinal).Select(subclass => $"*.*.CUSTOM.{subclass}.#"),
        ];
    }

    /// <summary>A part of a routing key as mod_amqp writes it.</summary>
    public static string Encode(string value)
    {
        StringBuilder text = new();
        foreach (byte b in Encoding.UTF8.GetBytes(value))
        {
            _ = char.IsAsciiLetterOrDigit((char)b) || b is (byte)'-' or (byte)'~' or (byte)'_' ? text.Append((char)b)
                : b == ' ' ? text.Append('+')
                : text.Append('%').Append(b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }
}
