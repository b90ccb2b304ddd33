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
case "$tool $*" in
  'ipsec whack --status') answer whack-status ;;
  'ipsec whack --trafficstatus') answer whack-trafficstatus ;;
  'journalctl '*) answer journal ;;
  'systemctl is-active ipsec.service') answer is-active ;;
  'vtysh '*) answer bgp ;;
  'ip -o link show') answer link ;;
  'ip -o -4 address show') answer address ;;
  'ip -o -4 route show') answer route ;;
  'ip -o -4 route get '*) answer "route-get-$5" 2 ;;
  'ping '*' -M do '*) for target; do :; done; answer "ping-df-$target" 1 ;;
  'ping '*) for target; do :; done; answer "ping-$target" 1 ;;
  'date +%s') answer date ;;
  'id -u') echo "${FIXTURE_UID:-0}" ;;
  *) echo "replay: $tool $* is not among the recorded commands" >&2; exit 99 ;;
esac
