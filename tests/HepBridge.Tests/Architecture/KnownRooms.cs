using Mono.Cecil;
using Mono.Cecil.Cil;

namespace HepBridge.Tests.Architecture;

/// <summary>
/// Dependencies between the folders of HepBridge's assemblies, read from their IL. A folder is the part of a namespace
/// after the assembly's name, up to its first segment.
/// </summary>
internal sealed class KnownRooms
{
    private readonly SortedDictionary<string, SortedDictionary<string, string>> _known = new(StringComparer.Ordinal);

    private KnownRooms()
    {
    }

    /// <summary>The folders, in order.</summary>
    public IEnumerable<string> Rooms => _known.Keys;

    public static KnownRooms Of(string assembly)
    {
        KnownRooms rooms = new();
        using AssemblyDefinition read = AssemblyDefinition.ReadAssembly(Path.Combine(AppContext.BaseDirectory, $"{assembly}.dll"));
        foreach (TypeDefinition type in read.MainModule.GetTypes())
        {
            if (RoomOf(type, assembly) is { } room)
            {
                rooms.Add(room, type, assembly);
            }
        }

        return rooms;
    }

    /// <summary>Names of HepBridge's assemblies that an assembly references.</summary>
    public static IEnumerable<string> References(string assembly)
    {
        using AssemblyDefinition read = AssemblyDefinition.ReadAssembly(Path.Combine(AppContext.BaseDirectory, $"{assembly}.dll"));
        return [.. read.MainModule.AssemblyReferences.Select(reference => reference.Name).Where(name => name.StartsWith("HepBridge", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
    }

    /// <summary>The folders that a folder uses, each with one type that does.</summary>
    public IReadOnlyDictionary<string, string> KnownBy(string room) => _known[room];

    /// <summary>A cycle of folders, with the type that causes each step; null if there is none.</summary>
    public string? FindCircle()
    {
        HashSet<string> done = [];
        List<string> way = [];
        return Rooms.Select(room => Visit(room, way, done)).FirstOrDefault(found => found is not null);
    }

    private string? Visit(string room, List<string> way, HashSet<string> done)
    {
        int at = way.IndexOf(room);
        if (at >= 0)
        {
            return string.Join(" → ", way.Skip(at).Append(room).Zip(way.Skip(at + 1).Append(room), (from, to) => _known[from].TryGetValue(to, out string? type) ? $"{from} ({type})" : from)) + $" → {room}";
        }

        if (!done.Add(room))
        {
            return null;
        }

        way.Add(room);
        string? circle = _known[room].Keys.Select(known => Visit(known, way, done)).FirstOrDefault(found => found is not null);
        way.RemoveAt(way.Count - 1);
        return circle;
    }

    private void Add(string room, TypeDefinition type, string assembly)
    {
        if (!_known.TryGetValue(room, out SortedDictionary<string, string>? known))
        {
            _known[room] = known = new SortedDictionary<string, string>(StringComparer.Ordinal);
        }

        foreach (TypeReference used in UsedBy(type).SelectMany(Parts))
        {
            if (RoomOf(used, assembly) is { } other && other != room)
            {
                known.TryAdd(other, Outermost(type).Name);
            }
        }
    }

    private static string? RoomOf(TypeReference type, string assembly)
    {
        string name = Outermost(type).Namespace;
        if (type.Scope is AssemblyNameReference reference && reference.Name != assembly)
        {
            return null;
        }

        return name.StartsWith(assembly + ".", StringComparison.Ordinal) ? name[(assembly.Length + 1)..].Split('.')[0] : null;
    }

    private static TypeReference Outermost(TypeReference type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    private static IEnumerable<TypeReference> UsedBy(TypeDefinition type)
    {
        IEnumerable<TypeReference?> used =
        [
            type.BaseType,
            .. type.Interfaces.Select(one => one.InterfaceType),
            .. type.Fields.Select(field => field.FieldType),
            .. type.Properties.Select(property => property.PropertyType),
            .. type.Methods.SelectMany(UsedBy),
        ];
        return used.OfType<TypeReference>();
    }

    private static IEnumerable<TypeReference?> UsedBy(MethodDefinition method)
    {
        yield return method.ReturnType;
        foreach (ParameterDefinition parameter in method.Parameters)
        {
            yield return parameter.ParameterType;
        }

        if (!method.HasBody)
        {
            yield break;
        }

        foreach (VariableDefinition variable in method.Body.Variables)
        {
            yield return variable.VariableType;
        }

        foreach (Instruction instruction in method.Body.Instructions)
        {
            switch (instruction.Operand)
            {
                case MethodReference called:
                    yield return called.DeclaringType;
                    yield return called.ReturnType;
                    foreach (TypeReference argument in called is GenericInstanceMethod generic ? generic.GenericArguments : [])
                    {
                        yield return argument;
                    }

                    break;
                case FieldReference field:
                    yield return field.DeclaringType;
                    yield return field.FieldType;
                    break;
                case TypeReference named:
                    yield return named;
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>The type itself, its element type if it is an array, reference or pointer, and its type arguments.</summary>
    private static IEnumerable<TypeReference> Parts(TypeReference type) => type switch
    {
        GenericInstanceType generic => generic.GenericArguments.SelectMany(Parts).Prepend(generic.ElementType),
        GenericParameter => [],
        TypeSpecification other => Parts(other.ElementType),
        _ => [type],
    };
}
