#!/bin/sh
# kakehashi-status [--lang en|ja] [--tunnel NAME] [--json | --quiet | --lines]: every tunnel of this controller, layer by layer, the
# first layer that fails, why, and what to do. It changes nothing and never reads a key. --help has it all.
#
# The shell gathers, awk decides and prints; its parts are in $LIB. Processes are few, each takes its time on a busy machine.
set -u
export LC_ALL=C
# whack lies in one of the last two.
PATH=${KAKEHASHI_PATH:-$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin:/usr/libexec/ipsec:/usr/lib/ipsec}

ETC=${KAKEHASHI_ETC:-/etc/kakehashi} # other places only in tests
RUN=${KAKEHASHI_RUN:-/run/kakehashi}
LIB=${KAKEHASHI_LIB:-/usr/local/lib/kakehashi}
IPSEC_D=${KAKEHASHI_IPSEC_D:-/etc/ipsec.d}
LANGUAGE='' ONLY='' FORMAT=table COLOUR=no WITHIN=3

usage() {
  cat <<'USAGE'
usage: kakehashi-status [--lang en|ja] [--tunnel NAME] [--json | --quiet | --lines] [--within SECONDS]

  --lang en|ja    language of the texts; otherwise `language` in /etc/kakehashi/controller
  --tunnel NAME   only this tunnel, for example tokyo-aws-1
  --json          one JSON document (below)
  --quiet         one line, for people and simple scripts
  --lines         lines of words, for kakehashi-metrics, which speaks to monitoring
  --within 3      seconds that it may take, 2 to 60; what a busy machine does not tell in that time counts as not known
  --help          this text

Columns, in the order in which they are judged (ok, FAIL, - for not there, not needed or not known):
  LOCAL  the ipsec service runs and has the tunnel's conn loaded
  REACH  a route to the cloud's address exists and its IKE answers on UDP 500 and 4500
  IKE    the IKE SA is established
  CHILD  the child SA is established, and its last rekey was not refused
  IFACE  the tunnel's interface is there and up, with its address and MTU
  PING   the cloud's inside address (or the connection's probe) answers over the tunnel
  BGP    the session is established, with routes received and sent
  ROUTE  the kernel sends the cloud's prefixes into this tunnel (- while the other tunnel carries)
  MTU    a packet of the tunnel's full size passes with the don't-fragment bit
  CLOUD  what the cloud should show for the tunnel: if it shows something else, the cloud's end is the stale one

Exit status: 0 all tunnels up; 1 something fails, every connection still carries; 2 a connection is down;
3 not configured, or it can't be told. It needs root: the IPsec state is readable by root alone.

JSON, version 1: fields may be added, none change. Ages in seconds; unknown values are null.
  {"version":1, "site":"…", "controller":"…", "libreswan":"4.10", "state":"up|degraded|down|unknown", "exit_code":0,
   "tunnels_up":1, "tunnels_total":2, "summary":"…", "error":null|{"code":"…","text":"…","advice":"…"},
   "connections":[{"name":"…", "cloud":"aws|oracle|azure", "state":"up|degraded|down",
     "routes":[{"prefix":"…","tunnels":["…"]}]}],
   "tunnels":[{"name":"…", "connection":"…", "number":1, "cloud":"…", "state":"up|standby|degraded|down",
     "layers":{"local":"ok|fail|none", "reach":…, "ike":…, "child":…, "interface":…, "ping":…, "bgp":…, "route":…,
       "mtu":…},
     "ike_age_seconds":0, "child_age_seconds":0, "bytes_in":0, "bytes_out":0,
     "bgp_state":"Established", "bgp_received":0, "bgp_sent":0, "watcher":"up|held|down|drained|standby|starting",
     "cloud_should_show":"UP|DOWN|Connected|Connecting", "configured":true,
     "failure":null|{"layer":"…", "code":"…", "text":"…", "advice":"…", "evidence":"…", "evidence_age_seconds":0}}]}
USAGE
}

# Without the texts' language yet: these two end before any file is read.
refuse() {
  echo "kakehashi-status: $1" >&2
  exit 3
}

while [ $# -gt 0 ]; do
  case $1 in
    --help | -h) usage; exit 0 ;;
    --json) FORMAT=json ;;
    --lines) FORMAT=lines ;;
    --quiet | -q) FORMAT=quiet ;;
    --lang | --tunnel | --within)
      [ $# -ge 2 ] || refuse "$1 needs a value; see --help"
      case $1 in --lang) LANGUAGE=$2 ;; --tunnel) ONLY=$2 ;; *) WITHIN=$2 ;; esac
      shift
      ;;
    --within=*) WITHIN=${1#*=} ;;
    --lang=*) LANGUAGE=${1#*=} ;;
    --tunnel=*) ONLY=${1#*=}; [ -n "$ONLY" ] || refuse '--tunnel needs a value; see --help' ;;
    *) refuse 'unknown argument; see --help' ;;
  esac
  shift
done
for part in status-texts.awk own-address.sh; do [ -r "$LIB/$part" ] || refuse "$LIB/$part is missing; run install.sh"; done
case $LANGUAGE in '' | en | ja) ;; *) refuse '--lang must be en or ja' ;; esac
case $WITHIN in [2-9] | [1-5][0-9] | 60) ;; *) refuse '--within must be 2 to 60' ;; esac
case $ONLY in *[!a-z0-9-]*) refuse '--tunnel must be a name such as tokyo-aws-1' ;; esac
# shellcheck source=/dev/null # checked as a file of its own
. "$LIB/own-address.sh"
is_installed() { command -v "$1" >/dev/null 2>&1; }
for tool in awk mktemp timeout id ip; do
  is_installed "$tool" || refuse "$tool is not installed; it is needed"
done
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ]; then COLOUR=yes; fi

# In hundredths of a second: when all tools have to be done, and pluto, which is asked first.
LIMIT=$((WITHIN * 100 - 60))
PLUTO_LIMIT=$((LIMIT * 45 / 100))

T=$(mktemp -d) || refuse 'no temporary folder can be made'
trap 'rm -rf "$T"' EXIT
trap 'exit 3' HUP INT TERM

# clock: hundredths of a second since boot, without a process.
clock() {
  read -r clock _ </proc/uptime
  clock=${clock%.*}${clock#*.}
}
# run FILE LIMIT COMMAND…: what it says and its exit status, in $T; 124 when it was not done LIMIT after the start.
run() {
  run_file=$T/$1
  clock
  run_limit=$((started + $2 - clock))
  [ "$run_limit" -ge 30 ] || run_limit=30
  shift 2
  timeout "$((run_limit / 100)).$((run_limit % 100 / 10))" "$@" >"$run_file" 2>"$run_file.err" </dev/null
  echo $? >"$run_file.rc"
}
# ask_ping FILE ARGUMENTS…: ends by itself, 1.2 s at most.
ask_ping() {
  ping_file=$T/$1
  shift
  ping -n -q -c 2 -i 0.2 -W 1 "$@" >"$ping_file" 2>"$ping_file.err" </dev/null
  echo $? >"$ping_file.rc"
}

analyse() { # PHASE [ERROR]
  awk -f "$LIB/status-main.awk" -f "$LIB/status-files.awk" -f "$LIB/status-gathered.awk" -f "$LIB/status-log.awk" \
    -f "$LIB/status-judge.awk" -f "$LIB/status-print.awk" -f "$LIB/status-json.awk" -f "$LIB/status-lines.awk" \
    -f "$LIB/status-texts.awk" \
    -v phase="$1" -v error="${2:-}" -v dir="$T" -v etc="$ETC" -v run_dir="$RUN" -v ipsec_d="$IPSEC_D" \
    -v language="$LANGUAGE" -v only="$ONLY" -v format="$FORMAT" -v colour="$COLOUR" -v now="$now" </dev/null
}

gather() {
  while read -r what name device target size; do
    case $what in
      ip) echo "$name $device $target $size" >&3 ;;
      ping)
        is_installed ping || continue
        # MARK,SOURCE: by that tunnel, answered by any; see kakehashi-interfaces.
        case $device in
          *,-)
            [ -n "${own_source:-}" ] || own_source=$(own_address "$(sed -n 's/^local_prefixes //p' "$ETC/controller")")
            set -- -m "${device%,*}"
            [ "$own_source" = - ] || set -- "$@" -I "$own_source"
            ;;
          *,*) set -- -m "${device%,*}" -I "${device#*,}" ;;
          *) set -- -I "$device" ;;
        esac
        ask_ping "ping.$name.$target" "$@" "$target" &
        ask_ping "df.$name.$target" -M 'do' -s "$size" "$@" "$target" &
        ;;
      bgp)
        is_installed vtysh || continue
        run bgp "$LIMIT" vtysh -c 'show bgp summary' -c 'show bgp neighbors' &
        ;;
      service)
        is_installed systemctl || continue
        run service "$LIMIT" systemctl is-active ipsec.service &
        ;;
      log)
        if [ -f "$name" ] && [ -r "$name" ]; then
          run log "$LIMIT" tail -n 5000 -- "$name" &
        elif is_installed journalctl; then
          run log "$LIMIT" journalctl -u ipsec.service -b -n 5000 -o short-unix --no-pager -q &
        fi
        ;;
    esac
  done <"$T/plan" 3>"$T/batch"
  run ip "$LIMIT" ip -o -force -batch "$T/batch"
  wait
}

clock
started=$clock
now=$(date +%s)
if [ "$(id -u)" != 0 ]; then
  case $FORMAT in lines) analyse error no-snapshot ;; *) analyse error not-root ;; esac
  exit 3
fi
if is_installed whack; then
  # `whack` and not `ipsec status`: the same on every version, and without the wrapper's processes.
  run traffic "$PLUTO_LIMIT" whack --trafficstatus &
  run status "$PLUTO_LIMIT" whack --status
  wait
fi
analyse plan >"$T/plan" || { cat "$T/plan"; exit 3; }
gather
analyse report
