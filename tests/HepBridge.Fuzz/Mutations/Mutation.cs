namespace HepBridge.Fuzz.Mutations;

/// <summary>One change of the bytes, drawn by the dice. It may leave them as they are.</summary>
internal delegate void Mutation(Mutant mutant, Dice dice);
