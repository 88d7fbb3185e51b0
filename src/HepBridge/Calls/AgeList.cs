using System.Runtime.CompilerServices;

namespace HepBridge.Calls;

/// <summary>An item of an <see cref="AgeList{T}"/>.</summary>
internal abstract class Aged
{
    internal Aged? Older { get; set; }

    internal Aged? Newer { get; set; }
}

/// <summary>Items from oldest to newest, linked through the items themselves, without allocation. An item is in one list at most.</summary>
internal struct AgeList<T>
    where T : Aged
{
    private Aged? _oldest;
    private Aged? _newest;

    // Only items of this type are added.
    public readonly T? Oldest => Unsafe.As<T?>(_oldest);

    public readonly T? Newest => Unsafe.As<T?>(_newest);

    public static T? OlderThan(T item) => Unsafe.As<T?>(item.Older);

    public static T? NewerThan(T item) => Unsafe.As<T?>(item.Newer);

    public void Append(T item)
    {
        item.Older = _newest;
        if (_newest is null)
        {
            _oldest = item;
        }
        else
        {
            _newest.Newer = item;
        }

        _newest = item;
    }

    public void Remove(T item)
    {
        if (item.Older is null)
        {
            _oldest = item.Newer;
        }
        else
        {
            item.Older.Newer = item.Newer;
        }

        if (item.Newer is null)
        {
            _newest = item.Older;
        }
        else
        {
            item.Newer.Older = item.Older;
        }

        item.Older = null;
        item.Newer = null;
    }
}
