#!/bin/sh
# Stands in for every tool that kakehashi-status calls: answers with what was recorded, from the folder $FIXTURE. Installed under
# each tool's name. A recording NAME is NAME (standard output), NAME.err and NAME.rc.
tool=${0##*/}
answer() {
  if [ -e "$FIXTURE/sleep-$tool" ]; then sleep "$(cat "$FIXTURE/sleep-$tool")"; fi
  if [ ! -e "$FIXTURE/$1" ]; then
    echo "replay: no recording $1" >&2
    exit "${2:-99}"
  fi
  cat "$FIXTURE/$1"
  if [ -e "$FIXTURE/$1.err" ]; then cat "$FIXTURE/$1.err" >&2; fi
  if [ -e "$FIXTURE/$1.rc" ]; then exit "$(cat "$FIXTURE/$1.rc")"; fi
  exit 0
}
# The recordings are of one command each, -4 where that makes a difference.
batch() {
  if [ -e "$FIXTURE/sleep-ip" ]; then sleep "$(cat "$FIXTURE/sleep-ip")"; fi
  status=0
  while read -r object verb word value; do
    case "$object $verb $word" in
      'link show dev') grep "^[0-9]*: $value:" "$FIXTURE/link" ;;
      'link show ' | 'address show ' | 'route show ') cat "$FIXTURE/$object" ;;
      'route get '*)
        if [ ! -e "$FIXTURE/route-get-$word" ] || [ -e "$FIXTURE/route-get-$word.rc" ]; then
          echo 'RTNETLINK answers: Network is unreachable' >&2
          status=1
        else cat "$FIXTURE/route-get-$word"; fi
        ;;
      *) echo "replay: ip $object $verb $word is not among the recorded commands" >&2; exit 99 ;;
    esac
  done
  exit $status
}
case "$tool $*" in
  'whack --status') answer whack-status ;;
  'whack --trafficstatus') answer whack-trafficstatus ;;
  'journalctl '*) answer journal ;;
  'systemctl is-active ipsec.service') answer is-active ;;
  'vtysh '*) answer bgp ;;
  'ip -o -force -batch '*) batch <"$4" ;;
  # ping-by-MARK-SOURCE-TARGET
  'ping '*' -m '*)
    words=$*
    # shellcheck disable=SC2086 # words
    set -- ${words#* -m }
    case $2 in -I) answer "ping-by-$1-$3-$4" 1 ;; *) answer "ping-by-$1--$2" 1 ;; esac
    ;;
  'ping '*' -M do '*) for target; do :; done; answer "ping-df-$target" 1 ;;
  'ping '*) for target; do :; done; answer "ping-$target" 1 ;;
  'date +%s') answer date ;;
  'id -u') echo "${FIXTURE_UID:-0}" ;;
  *) echo "replay: $tool $* is not among the recorded commands" >&2; exit 99 ;;
esac
