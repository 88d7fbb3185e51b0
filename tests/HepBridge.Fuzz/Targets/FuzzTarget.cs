using HepBridge.Fuzz.Mutations;

namespace HepBridge.Fuzz.Targets;

/// <summary>What came of an input: taken or refused, and in which way.</summary>
/// <param name="Accepted">Whether anything of it was taken.</param>
/// <param name="Label">Distinguishes the ways: the reason of a refusal, what was found.</param>
internal readonly record struct Outcome(bool Accepted, string Label)
{
    public static Outcome Refused(string reason) => new(false, reason);

    public static Outcome Taken(string what = "taken") => new(true, what);
}

/// <summary>One reader of bytes that others wrote, and what must hold of it whatever the bytes are.</summary>
internal abstract class FuzzTarget(string name, string what)
{
    private Mutation[]? _mutations;

    /// <summary>How it is called on the command line.</summary>
    public string Name { get; } = name;

    /// <summary>What it reads and what must hold, for the list of targets.</summary>
    public string What { get; } = what;

    /// <summary>Real inputs; never empty, and each of them is accepted.</summary>
    public abstract IReadOnlyList<byte[]> Corpus { get; }

    /// <summary>Mutations in addition to those of bytes and splices.</summary>
    protected virtual IEnumerable<Mutation> OwnMutations => TextMutations.All;

    /// <summary>Makes an input of the corpus and the dice.</summary>
    public virtual void Make(Mutant mutant, Dice dice)
    {
        mutant.Set(dice.Pick(Corpus));
        Mutate(mutant, dice);
    }

    /// <summary>Reads an input. <see cref="BrokenRuleException"/>, or any other exception, is a failure.</summary>
    public abstract Outcome Run(byte[] input);

    /// <summary>One to eight changes, few more often than many; in one of 500 a block is repeated until the input is large.</summary>
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
