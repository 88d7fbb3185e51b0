using System.CommandLine;
using System.CommandLine.Parsing;

namespace HepBridge.Commands;

/// <summary>Validation of options.</summary>
internal static class OptionRules
{
    /// <summary>Rejects the command line with <paramref name="message"/> unless <paramref name="holds"/>.</summary>
    public static void Require(this Option option, Func<OptionResult, bool> holds, string message) =>
        option.Validators.Add(result =>
        {
            if (!holds(result))
            {
                result.AddError(message);
            }
        });
}
