#!/bin/sh
# Builds hepbridge_VERSION_amd64.deb with Debian's dpkg-deb: one native program that needs no .NET on the host.
# Usage: packaging/build-deb.sh [DIRECTORY [amd64|arm64]]        (default: artifacts/ amd64; arm64 needs Debian's gcc-aarch64-linux-gnu and libc6-dev-arm64-cross)
set -eu
cd "$(dirname "$0")/.."
out=${1:-artifacts}
architecture=${2:-amd64}
case $architecture in
    amd64) profile=linux-x64 ;;
    arm64) profile=linux-arm64 ;;
    *) echo "build-deb: no such architecture: $architecture" >&2; exit 2 ;;
esac
# The oldest glibc supported: Debian 12, Ubuntu 22.04, RHEL 9. It depends on the build machine's.
oldest_glibc=2.34
mkdir -p "$out"
rm -f "$out"/hepbridge_*_"$architecture".deb
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root

dotnet publish src/HepBridge -p:PublishProfile="$profile" -o "$work/publish" -v quiet
program=$work/publish/HepBridge
glibc=$(objdump -T "$program" | grep -o 'GLIBC_[0-9.]*' | cut -d_ -f2 | sort -V | tail -n 1)
if [ "$(printf '%s\n' "$glibc" "$oldest_glibc" | sort -V | tail -n 1)" != "$oldest_glibc" ]; then
    echo "build-deb: the program needs glibc $glibc, and the package promises $oldest_glibc: build on an older system" >&2
    exit 1
fi
version=$(dotnet msbuild src/HepBridge -getProperty:Version)

install -d "$root/usr/bin" "$root/usr/share/doc/hepbridge" "$root/etc/hepbridge" "$root/lib/systemd/system" "$root/DEBIAN"
install -m 755 "$program" "$root/usr/bin/hepbridge"
install -m 644 config.json "$root/etc/hepbridge/config.json"
install -m 644 packaging/hepbridge.service "$root/lib/systemd/system/hepbridge.service"
install -m 644 README.md "$root/usr/share/doc/hepbridge/README.md"
cp -r docs "$root/usr/share/doc/hepbridge/docs"
install -m 644 LICENSE "$root/usr/share/doc/hepbridge/copyright"
cp -r examples "$root/usr/share/doc/hepbridge/examples"
find "$root/usr/share" -type f -exec chmod 644 {} +

echo /etc/hepbridge/config.json > "$root/DEBIAN/conffiles"
for script in postinst prerm postrm; do
    install -m 755 "packaging/debian/$script" "$root/DEBIAN/$script"
done
cat > "$root/DEBIAN/control" <<CONTROL
Package: hepbridge
Version: $version
Architecture: $architecture
Maintainer: The HepBridge contributors <hepbridge@localhost>
Section: net
Priority: optional
Installed-Size: $(du -sk "$root/usr" | cut -f1)
Depends: libc6 (>= $oldest_glibc), libssl3 | libssl3t64, ca-certificates
Suggests: freeswitch
Description: forwards FreeSWITCH events to Homer
 Reads FreeSWITCH events from its event socket or from mod_event_multicast,
 and sends call logs, RTCP and quality reports as HEP3 packets to a Homer
 collector, each with its own leg's SIP Call-ID.
CONTROL

dpkg-deb --root-owner-group -Zxz --build "$root" "$out/hepbridge_${version}_$architecture.deb"
