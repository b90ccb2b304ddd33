#!/bin/bash
# record.sh SUITE [PATTERN]: records the cases anew (those that PATTERN matches) on Debian SUITE's Libreswan. See README.md.
set -euo pipefail
HERE=$(cd "$(dirname "$0")" && pwd)
LAB=$HERE/../../../../lab/tunnels
SUITE=${1:?usage: record.sh SUITE [PATTERN]}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
image=$("$LAB/build-image.sh" "$SUITE" "${XDG_CACHE_HOME:-$HOME/.cache}/kakehashi-lab")
mkdir "$work/in" "$work/out"
cp -R "$LAB/guest/." "$HERE/run" "$HERE/lab.json" "$HERE/tree" "$work/in/"
"$LAB/run-vm.sh" --image "$image" --input "$work/in" --results "$work/out" --memory 800 --timeout 1500 --verbose "CASES=${2:-.*}"
for folder in "$work"/out/libreswan-*/*/; do
  version=$(basename "$(dirname "$folder")")
  mkdir -p "$HERE/../$version"
  sh "$HERE/../pack.sh" "$folder" > "$HERE/../$version/$(basename "$folder").txt"
done
