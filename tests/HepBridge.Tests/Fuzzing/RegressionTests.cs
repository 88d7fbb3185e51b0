using HepBridge.Fuzz.Runs;
using HepBridge.Fuzz.Targets;

namespace HepBridge.Tests.Fuzzing;

/// <summary>Inputs found by the fuzzer (<c>tests/HepBridge.Fuzz/Regressions</c>), and the real ones it starts from.</summary>
public class RegressionTests
{
    public static TheoryData<string> Targets => [.. TargetList.All.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Inputs_that_once_failed_pass(string target)
    {
        Assert.Empty(Repeat.Regressions(Find(target)));
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void Every_real_input_is_accepted_and_passes(string target)
    {
        Assert.Empty(Repeat.Corpus(Find(target)));
    }

    [Fact]
    public void A_run_number_always_gives_the_same_input()
    {
        foreach (FuzzTarget target in TargetList.All)
        {
            Assert.Equal(InputOf(target), InputOf(target));
        }
    }

    private static byte[] InputOf(FuzzTarget target)
    {
        HepBridge.Fuzz.Mutations.Mutant mutant = new();
        target.Make(mutant, HepBridge.Fuzz.Mutations.Dice.For(seed: 7, target.Name, run: 3));
        return mutant.ToArray();
    }

    private static FuzzTarget Find(string name) => TargetList.All.Single(target => target.Name == name);
}
