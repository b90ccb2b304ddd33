#!/bin/bash
# Makes sure that QEMU and mmdebstrap are there. Exit 77 with one line when they cannot be had: the caller reports a named skip.
set -euo pipefail

skip() { echo "SKIP tunnel lab: $*"; exit 77; }

declare -A PACKAGE_OF=([qemu-system-x86_64]=qemu-system-x86 [mmdebstrap]=mmdebstrap [mke2fs]=e2fsprogs [tar]=tar)
missing=()
for tool in "${!PACKAGE_OF[@]}"; do
  command -v "$tool" >/dev/null || missing+=("${PACKAGE_OF[$tool]}")
done
[ "$(uname -m)" = x86_64 ] || skip "the guest is amd64, this machine is $(uname -m)"
if [ ${#missing[@]} -eq 0 ]; then exit 0; fi

command -v apt-get >/dev/null || skip "missing ${missing[*]}, and no apt-get to install them"
[ "$(id -u)" = 0 ] || skip "missing ${missing[*]}; run as root: apt-get install --no-install-recommends ${missing[*]}"
started=$SECONDS
log=$(mktemp)
trap 'rm -f "$log"' EXIT
echo "prepare: installing ${missing[*]}" >&2
install() { DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}" >"$log" 2>&1; }
if ! install; then
  apt-get update >"$log" 2>&1 && install || skip "cannot install ${missing[*]}: $(grep -m1 '^E:' "$log" || tail -n1 "$log")"
fi
echo "prepare: done in $((SECONDS - started)) s" >&2
