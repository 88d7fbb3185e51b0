using System.Runtime.CompilerServices;

namespace HepBridge.Calls;

/// <summary>An item of <see cref="HashBuckets{T}"/>. Its hash does not change while it is in the table.</summary>
internal abstract class Hashed : Aged
{
    internal int Hash { get; set; }

    internal Hashed? NextInBucket { get; set; }
}

/// <summary>A hash table whose chains are linked through the items themselves: allocates only when it grows.</summary>
internal struct HashBuckets<T>()
    where T : Hashed
{
    private Hashed?[] _buckets = new Hashed?[1_024];

    public int Count { get; private set; }

    /// <summary>The first item of the hash's bucket, where items of other hashes may be, too.</summary>
    public readonly T? First(int hash) => Unsafe.As<T?>(_buckets[hash & (_buckets.Length - 1)]);

    // Only items of this type are added.
    public static T? Next(T item) => Unsafe.As<T?>(item.NextInBucket);

    public void Add(T item)
    {
        if (Count >= _buckets.Length)
        {
            Grow();
        }

        Link(item, _buckets);
        Count++;
    }

    public void Remove(T item)
    {
        ref Hashed? first = ref _buckets[item.Hash & (_buckets.Length - 1)];
        if (first == item)
        {
            first = item.NextInBucket;
        }
        else
        {
            Hashed before = first!;
            while (before.NextInBucket != item)
            {
                before = before.NextInBucket!;
            }

            before.NextInBucket = item.NextInBucket;
        }

        item.NextInBucket = null;
        Count--;
    }

    private static void Link(Hashed item, Hashed?[] buckets)
    {
        ref Hashed? first = ref buckets[item.Hash & (buckets.Length - 1)];
        item.NextInBucket = first;
        first = item;
    }

    private void Grow()
    {
        Hashed?[] larger = new Hashed?[_buckets.Length * 2];
        foreach (Hashed? first in _buckets)
        {
            for (Hashed? item = first; item is not null;)
            {
                Hashed? next = item.NextInBucket;
                Link(item, larger);
                item = next;
            }
        }

        _buckets = larger;
    }
}
