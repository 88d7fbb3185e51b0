using System.Security.Cryptography;
using HepBridge.Fuzz.Targets;

namespace HepBridge.Fuzz.Runs;

/// <summary>Saves failing inputs, each in a file named by target and hash, and prints how to repeat them.</summary>
internal sealed class FailureFiles(string directory, ulong seed, TextWriter output)
{
    public void Write(FuzzTarget target, long run, byte[] input, string problem)
    {
        Directory.CreateDirectory(directory);
        string path = Path.Combine(directory, $"{target.Name}-{Convert.ToHexStringLower(SHA256.HashData(input))[..12]}.bin");
        File.WriteAllBytes(path, input);
        output.WriteLine($"FAILED {target.Name}, seed {seed}, run {run}, {input.Length} bytes: {problem}");
        output.WriteLine($"  again: dotnet run --project tests/HepBridge.Fuzz -c Release -- {target.Name} --input {path}");
    }
}
