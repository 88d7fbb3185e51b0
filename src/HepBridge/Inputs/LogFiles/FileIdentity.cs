using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace HepBridge.Inputs.LogFiles;

/// <summary>Identifies a file regardless of its name: device, inode, and birth time, since inodes are reused.</summary>
/// <param name="Device">Major and minor device number, packed.</param>
/// <param name="Inode">Its inode.</param>
/// <param name="Birth">Creation time in nanoseconds since 1970; 0 if the file system does not record it.</param>
internal readonly partial record struct FileIdentity(ulong Device, ulong Inode, long Birth)
{
    // statx(2): its buffer has one layout on every architecture, unlike struct stat.
    private const int EmptyPath = 0x1000;
    private const uint LinksInodeAndBirth = 0x4 | 0x100 | 0x800;

    /// <summary>Creation time; the beginning of time if the file system does not record it.</summary>
    public DateTime BirthUtc => Birth == 0 ? DateTime.MinValue : DateTime.UnixEpoch.AddTicks(Birth / 100);

    /// <summary>The identity of an open file.</summary>
    /// <exception cref="IOException">The kernel returned an error.</exception>
    public static FileIdentity Of(SafeFileHandle handle) => Stat(handle).Identity;

    /// <summary>Whether an open file has no name left: nobody else can open it any more.</summary>
    public static bool IsDeleted(SafeFileHandle handle) => Stat(handle).Links == 0;

    // struct statx: stx_mask at 0, stx_nlink at 16, stx_ino at 32, stx_btime at 80 (s, then ns), stx_dev_major at 136, stx_dev_minor at 140; 256 bytes in all.
    private static unsafe (FileIdentity Identity, uint Links) Stat(SafeFileHandle handle)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("Log files can be followed on Linux only.");
        }

        Span<byte> status = stackalloc byte[256];
        fixed (byte* place = status)
        {
            if (StatX(handle, "", EmptyPath, LinksInodeAndBirth, place) != 0)
            {
                throw new IOException(Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError()));
            }
        }

        ulong device = ((ulong)MemoryMarshal.Read<uint>(status[136..]) << 32) | MemoryMarshal.Read<uint>(status[140..]);
        bool hasBirth = (MemoryMarshal.Read<uint>(status) & 0x800) != 0;
        long birth = hasBirth ? (MemoryMarshal.Read<long>(status[80..]) * 1_000_000_000) + MemoryMarshal.Read<uint>(status[88..]) : 0;
        return (new FileIdentity(device, MemoryMarshal.Read<ulong>(status[32..]), birth), MemoryMarshal.Read<uint>(status[16..]));
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int StatX(SafeFileHandle file, string path, int flags, uint mask, byte* status);
}
