using System.Security.Cryptography;
using HepBridge.Fuzz.Targets;

namespace HepBridge.Fuzz.Runs;

/// <summary>Writes failing inputs down, each in a file named by its target and its hash, and says how to repeat it.</summary>
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
