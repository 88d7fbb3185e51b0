using System.Text.RegularExpressions;

namespace HepBridge.Checks;

/// <summary>Checks the switch's version for features that older ones lack.</summary>
internal static partial class SwitchVersion
{
    /// <summary>The first version that fires SEND_RTCP_MESSAGE.</summary>
    private static readonly Version _sendsRtcp = new(1, 10, 7);

    public static async Task LookAsync(SwitchSession session, CheckResults results, CancellationToken cancellationToken)
    {
        if (await session.AskApiAsync("version", cancellationToken) is not { } answer)
        {
            return;
        }

        string line = answer.Split('\n')[0];
        if (line.Length == 0)
        {
            results.Warning("'api version' returned no version, so it was not checked", null);
            return;
        }

        if (Number().Match(line) is { Success: true } number && Version.Parse(number.Value) < _sendsRtcp)
        {
            results.Warning($"{line}: it may not fire SEND_RTCP_MESSAGE, from which quality reports take loss and jitter", $"update FreeSWITCH to {_sendsRtcp} or later");
            return;
        }

        results.Ok(line);
    }

    [GeneratedRegex(@"\d{1,4}\.\d{1,4}\.\d{1,4}")]
    private static partial Regex Number();
}
