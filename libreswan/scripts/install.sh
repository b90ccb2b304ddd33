#!/bin/sh
# ./install.sh [--dry-run] [--rollback] [--take-over-frr] [--wait SECONDS] [--root DIR]
#
# Puts the tree that it lies in onto this machine, as Kakehashi rendered it, and brings into force what has changed.
#
#   --dry-run        says what would change and changes nothing
#   --rollback       puts back what the last run replaced; a second time goes forward again
#   --take-over-frr  replaces an FRR configuration that was not written by Kakehashi (it is kept, and --rollback brings it back)
#   --wait SECONDS   how long a changed tunnel that was up may take to come up again before everything is put back (30)
#   --root DIR       installs below DIR; for tests
#
# Nothing is touched before all of it has been checked by the programs that will read it. A failure half-way puts everything back.
# Exit: 0 done or nothing to do, 1 the tree or the machine has to be mended, 2 something outside failed.
# shellcheck disable=SC2034 # many variables are for the parts
set -u
export LC_ALL=C
umask 022

TREE=$(cd "$(dirname "$0")" && pwd) || exit 2
ROOT=''
ACTION=install
IS_DRY_RUN=no
TAKES_OVER_FRR=no
WAIT_SECONDS=30
WORK=''
IS_SWAPPING=no
IS_RELOADING=no

# row HEAD WORD TEXT…: one aligned line.
row() {
  row_head=$1 row_word=$2
  shift 2
  printf '%-9s %-10s %s\n' "$row_head" "$row_word" "$*"
}
# die CODE TEXT…
die() {
  die_code=$1
  shift
  printf 'install.sh: %s\n' "$*" >&2
  exit "$die_code"
}
usage() {
  echo 'usage: ./install.sh [--dry-run] [--rollback] [--take-over-frr] [--wait SECONDS] [--root DIR]' >&2
  exit 1
}

while [ $# -gt 0 ]; do
  case $1 in
    --dry-run) IS_DRY_RUN=yes ;;
    --rollback) ACTION=rollback ;;
    --take-over-frr) TAKES_OVER_FRR=yes ;;
    --wait | --root)
      [ $# -ge 2 ] || usage
      case $1 in --wait) WAIT_SECONDS=$2 ;; *) ROOT=${2%/} ;; esac
      shift
      ;;
    *) usage ;;
  esac
  shift
done
case $WAIT_SECONDS in '' | *[!0-9]*) usage ;; esac

STATE=$ROOT/var/lib/kakehashi
for part in tree check swap reload; do
  [ -f "$TREE/install/$part.sh" ] || die 1 "the tree is incomplete: install/$part.sh is missing; copy all of it"
  # shellcheck source=/dev/null # checked as files of their own
  . "$TREE/install/$part.sh"
done

finish() {
  finish_code=$?
  trap '' INT TERM HUP
  trap - EXIT
  if [ "$IS_SWAPPING" = yes ]; then
    put_back
    [ "$finish_code" -ne 0 ] || finish_code=2
  fi
  [ -z "$WORK" ] || rm -rf "$WORK"
  exit "$finish_code"
}

main() {
  [ -n "$ROOT" ] || [ "$(id -u)" = 0 ] || die 1 'must run as root: sudo ./install.sh'
  mkdir -p "$ROOT/run" || exit 2
  exec 9>"$ROOT/run/kakehashi-install.lock"
  flock -n 9 || die 2 'another install.sh is running; wait for it'
  trap finish EXIT
  trap 'exit 2' INT TERM HUP
  WORK=$(mktemp -d /tmp/kakehashi.XXXXXXXX) || die 2 'no room for a scratch folder'

  check_tree
  check_programs
  recover_interrupted
  build_old
  case $ACTION in install) build_new_from_tree ;; rollback) build_new_from_previous ;; esac
  plan_files
  if [ ! -s "$WORK/plan" ]; then
    show_kept
    row 'done' '' 'nothing to do: the machine has all of it'
    return 0
  fi
  tunnel_names "$WORK/old" >"$WORK/names.old"
  tunnel_names "$WORK/new" >"$WORK/names.new"
  check_new
  plan_reload
  show_plan
  if [ "$IS_DRY_RUN" = yes ]; then
    row 'done' '' 'dry run: nothing was changed'
    return 0
  fi
  keep_previous
  IS_SWAPPING=yes
  stop_gone_units
  swap_files || die 2 'the files could not be written'
  IS_RELOADING=yes
  reload_all || die 2 'the new state could not be brought into force'
  record_installed || die 2 "$STATE cannot be written"
  IS_SWAPPING=no
  row 'done' '' 'installed; look: kakehashi-status, back: ./install.sh --rollback'
}

main
