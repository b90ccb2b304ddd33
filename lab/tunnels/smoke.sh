#!/bin/bash
# smoke.sh SUITE [CACHE_DIR]: builds the image if needed, runs guest/smoke/run in it, prints its lines and the times.
set -euo pipefail
HERE=$(cd "$(dirname "$0")" && pwd)
SUITE=${1:?usage: smoke.sh SUITE [CACHE_DIR]}
CACHE=${2:-${XDG_CACHE_HOME:-$HOME/.cache}/kakehashi-lab}
"$HERE/prepare.sh"
image=$("$HERE/build-image.sh" "$SUITE" "$CACHE")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -R "$HERE/guest/." "$work/"
cp -R "$HERE/guest/${SCENARIO:-smoke}/." "$work/"
results=${RESULTS:-$CACHE/results/smoke-$SUITE}
started=$SECONDS
rc=0
"$HERE/run-vm.sh" --image "$image" --input "$work" --results "$results" --timeout "${TIMEOUT:-400}" || rc=$?
tr -d '\r' < "$results/console.log" | grep -aE '^(\[|lab:|\{| {2})' || true
echo "smoke $SUITE: exit $rc after $((SECONDS - started)) s; logs in $results"
exit $rc
