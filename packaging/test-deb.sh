#!/bin/bash
# Installs a package on this system, runs its unit's command line between a replayed switch and a collector, upgrades, removes and purges it.
# Needs root, and TCP port 8021 and UDP port 9060 on loopback, as in the shipped configuration.
# Usage: packaging/test-deb.sh FILE.deb
set -euo pipefail
deb=$1
work=$(mktemp -d)
chmod 755 "$work"
pids=()
cleanup() {
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    dpkg --purge hepbridge >/dev/null 2>&1 || true
    rm -rf "$work"
}
trap cleanup EXIT
fail() { echo "test-deb: $*" >&2; tail -n 20 "$work"/*.log >&2 || true; exit 1; }
sees() { # FILE TEXT
    for _ in $(seq 300); do
        if grep -qsF -- "$2" "$1"; then return 0; fi
        sleep 0.1
    done
    fail "no \"$2\" in $1"
}

if dpkg-query -W hepbridge >/dev/null 2>&1; then fail "hepbridge is installed here already"; fi
for path in /etc/hepbridge /var/lib/hepbridge; do [ ! -e "$path" ] || fail "$path is there already"; done

dpkg -i "$deb" > "$work/dpkg.log"
dpkg -L hepbridge | sort > "$work/files"
hepbridge --version | grep -Eq '^[0-9]+\.[0-9]+\.[0-9]+\+[0-9a-f]{7}$' || fail "--version has no commit: $(hepbridge --version)"
# README's links into docs/ and examples/ work when installed. In containers dpkg may be configured to exclude documentation.
if [ -e /usr/share/doc/hepbridge/README.md ]; then
    grep -oE '\]\((docs|examples)[^)#]*' /usr/share/doc/hepbridge/README.md | cut -c3- | while read -r link; do
        [ -e "/usr/share/doc/hepbridge/$link" ] || fail "README links to $link, which is not in the package"
    done
fi
recording=/usr/share/doc/hepbridge/examples/captures/esl-plain.bin.gz
hepbridge replay "$recording" --speed 20 --loop > "$work/replay.log" 2>&1 & pids+=($!)
hepbridge listen --port 9060 > "$work/listen.log" 2>&1 & pids+=($!)
sees "$work/replay.log" "Replaying"
sees "$work/listen.log" "listening on"

# The unit's command line and directory, as an unprivileged user like DynamicUser's.
read -ra command <<< "$(sed -n 's/^ExecStart=//p' /lib/systemd/system/hepbridge.service)"
install -d -o nobody -m 700 /var/lib/hepbridge
(cd /var/lib/hepbridge && exec setpriv --reuid=nobody --regid=nogroup --clear-groups --no-new-privs "${command[@]}") > "$work/run.log" 2>&1 & agent=$!
pids+=("$agent")
sees "$work/run.log" "receiving events"
sees "$work/listen.log" "CREATE"
kill -HUP "$agent"
sees "$work/run.log" "The new configuration is active."
kill -TERM "$agent"
wait "$agent" || fail "the agent ended with code $?"

hepbridge check --config /etc/hepbridge/config.json > "$work/check.log" || fail "check finds errors"
touch /var/lib/hepbridge/unsent

# An upgrade replaces the program and keeps the administrator's configuration, whether or not the new package changes it.
echo '// kept' >> /etc/hepbridge/config.json
for change in "" "// new default"; do
    dpkg-deb -R "$deb" "$work/next"
    sed -i "s/^Version: .*/&+next${#change}/" "$work/next/DEBIAN/control"
    [ -z "$change" ] || echo "$change" >> "$work/next/etc/hepbridge/config.json"
    dpkg-deb --root-owner-group -Znone --build "$work/next" "$work/next.deb" >> "$work/dpkg.log"
    rm -r "$work/next"
    dpkg --force-confdef --force-confold -i "$work/next.deb" >> "$work/dpkg.log" 2>&1 || fail "the upgrade failed"
    [ "$(dpkg-query -W -f '${Version}' hepbridge)" = "$(dpkg-deb -f "$work/next.deb" Version)" ] || fail "the upgrade left the old version"
    [ "$(tail -n 1 /etc/hepbridge/config.json)" = "// kept" ] || fail "the upgrade took the changed configuration"
    hepbridge --version > /dev/null || fail "the upgraded program does not run"
done
[ -f /var/lib/hepbridge/unsent ] || fail "the upgrade took the spool"

dpkg -r hepbridge >> "$work/dpkg.log"
while read -r path; do
    case $path in
        /etc | /etc/hepbridge | /etc/hepbridge/config.json) continue ;;
    esac
    [ -d "$path" ] || [ ! -e "$path" ] || fail "$path is still there after the removal"
done < "$work/files"
for path in /usr/bin/hepbridge /usr/share/doc/hepbridge; do [ ! -e "$path" ] || fail "$path is still there after the removal"; done
[ -f /etc/hepbridge/config.json ] || fail "the removal took the configuration"
[ -f /var/lib/hepbridge/unsent ] || fail "the removal took the spool"

dpkg --purge hepbridge >> "$work/dpkg.log"
for path in /etc/hepbridge /var/lib/hepbridge; do [ ! -e "$path" ] || fail "$path is still there after the purge"; done
echo "test-deb: installed, run, reloaded, checked, upgraded, removed and purged"
