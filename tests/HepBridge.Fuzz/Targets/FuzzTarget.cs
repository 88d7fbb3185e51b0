using HepBridge.Fuzz.Mutations;

namespace HepBridge.Fuzz.Targets;

/// <summary>Result of an input: accepted or rejected, and how.</summary>
/// <param name="Accepted">Whether any part was accepted.</param>
/// <param name="Label">Distinguishes results: the reason for a rejection, what was found.</param>
internal readonly record struct Outcome(bool Accepted, string Label)
{
    public static Outcome Refused(string reason) => new(false, reason);

    public static Outcome Taken(string what = "taken") => new(true, what);
}

/// <summary>A parser of foreign bytes, and the rules that must hold for any input.</summary>
internal abstract class FuzzTarget(string name, string what)
{
    private Mutation[]? _mutations;

    /// <summary>Its name on the command line.</summary>
    public string Name { get; } = name;

    /// <summary>What it parses and its rules, for the list of targets.</summary>
    public string What { get; } = what;

    /// <summary>Real inputs; never empty, and each must be accepted.</summary>
    public abstract IReadOnlyList<byte[]> Corpus { get; }

    /// <summary>Mutations in addition to byte changes and splices.</summary>
    protected virtual IEnumerable<Mutation> OwnMutations => TextMutations.All;

    /// <summary>Creates an input from the corpus.</summary>
    public virtual void Make(Mutant mutant, Dice dice)
    {
        mutant.Set(dice.Pick(Corpus));
        Mutate(mutant, dice);
    }

    /// <summary>Runs an input. <see cref="BrokenRuleException"/>, or any other exception, is a failure.</summary>
    public abstract Outcome Run(byte[] input);

    /// <summary>Applies one to eight mutations, usually few; in one of 500 inputs, repeats a block until the input is large.</summary>
    protected void Mutate(Mutant mutant, Dice dice)
    {
        _mutations ??= [.. ByteMutations.All, ByteMutations.Splice(Corpus), .. OwnMutations, .. OwnMutations];
        int changes = 1;
        while (changes < 8 && dice.OneIn(2))
        {
            changes++;
        }

        for (int i = 0; i < changes; i++)
        {
            dice.Pick(_mutations)(mutant, dice);
        }

        if (dice.OneIn(500))
        {
            ByteMutations.Explode(mutant, dice);
        }
    }
}
