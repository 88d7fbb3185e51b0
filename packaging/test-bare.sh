#!/bin/bash
# Tests a package on a minimal Debian 12 in a directory (debootstrap, chroot): no .NET, only the package's dependencies. Runs the demo there, and
# test-deb.sh, which installs, runs, upgrades and removes the package.
# Needs root, debootstrap, iproute2 and Debian's mirror; uses its own network namespace.
# Usage: packaging/test-bare.sh FILE.deb
set -euo pipefail
deb=$(readlink -f "$1")
cd "$(dirname "$0")/.."
root=$(mktemp -d)
# Its root directory must be readable by everyone, as on a real system.
chmod 755 "$root"
mounted=()
cleanup() {
    for path in "${mounted[@]}"; do umount "$path"; done
    rm -rf --one-file-system "$root"
}
trap cleanup EXIT
fail() { echo "test-bare: $*" >&2; exit 1; }

mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 'Codename: bookworm' | head -n 1)
echo "test-bare: Debian 12 from $mirror"
debootstrap --variant=minbase --include="$(dpkg-deb -f "$deb" Depends | tr , '\n' | sed 's/^ *//; s/[ (|].*//; /^libc6$/d' | paste -sd,)" bookworm "$root" "$mirror" > "$root.log" 2>&1 \
    || { tail -n 20 "$root.log" >&2; fail "debootstrap failed"; }
rm "$root.log"
mount -t proc proc "$root/proc"
mounted+=("$root/proc")

inside() { unshare --net sh -c 'ip link set lo up && exec chroot "$@"' sh "$root" "$@"; }

if inside sh -c 'command -v dotnet'; then fail ".NET is there"; fi
install -D -m 644 "$deb" "$root/root/hepbridge.deb"
install -m 755 packaging/test-deb.sh "$root/root/test-deb.sh"
inside dpkg -i /root/hepbridge.deb
inside hepbridge demo --speed 50 | tail -n 6 | tee "$root/root/demo"
grep -qF 'Nothing was lost.' "$root/root/demo" || fail "the demo lost something"
inside dpkg --purge hepbridge
inside /root/test-deb.sh /root/hepbridge.deb
