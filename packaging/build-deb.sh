#!/bin/sh
# Builds hepbridge_VERSION_amd64.deb with Debian's dpkg-deb: one native program that needs no .NET on the host.
# Usage: packaging/build-deb.sh [DIRECTORY]        (default: artifacts/)
set -eu
cd "$(dirname "$0")/.."
out=${1:-artifacts}
mkdir -p "$out"
rm -f "$out"/hepbridge_*_amd64.deb
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root

dotnet publish src/HepBridge -p:PublishProfile=linux-x64 -o "$work/publish" -v quiet
program=$work/publish/HepBridge
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
Architecture: amd64
Maintainer: The HepBridge contributors <hepbridge@localhost>
Section: net
Priority: optional
Installed-Size: $(du -sk "$root/usr" | cut -f1)
Depends: libc6 (>= 2.34), libssl3 | libssl3t64, ca-certificates
Suggests: freeswitch
Description: tells Homer what FreeSWITCH knows of each call
 Takes the events of FreeSWITCH, from its event socket or from the packets of
 mod_event_multicast, and sends call logs, RTCP and quality reports as HEP3
 packets to a Homer collector, each under the SIP Call-ID of its own leg.
CONTROL

dpkg-deb --root-owner-group -Zxz --build "$root" "$out/hepbridge_${version}_amd64.deb"
