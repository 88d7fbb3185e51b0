namespace HepBridge.Fuzz.Mutations;

/// <summary>One random change of the bytes. It may leave them unchanged.</summary>
internal delegate void Mutation(Mutant mutant, Dice dice);
