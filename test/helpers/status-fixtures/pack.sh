#!/bin/sh
# pack.sh FOLDER: one recorded case as one text on standard output, a section for each file. The kernel's and IKE's lists of
# algorithms are left out.
set -eu
cd "$1"
for file in *; do
  case $file in *.new) continue ;; esac
  echo "==> $file"
  grep -v -E '^(000 )?algorithm ' "$file" || true
done
