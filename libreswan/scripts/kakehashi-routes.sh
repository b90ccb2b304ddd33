#!/bin/sh
# kakehashi-routes [run]: watches every tunnel and moves traffic off one that has died.
#
#   run                        what kakehashi-routes.service runs; SIGHUP reads the files again and keeps what is known
#   once                       asks every tunnel three times, prints who answers, changes nothing
#   release                    takes back what was told to FRR; the service's last act, however `run` ended
#   maintenance TUNNEL on|off  moves traffic off a tunnel before work on it, and back
#
# Exit: 0 done, 1 the files or the arguments are wrong, 2 something outside failed.
#
# Settings: /etc/default/kakehashi, lines KEY=VALUE, each optional:
#   PROBE_INTERVAL=0.3   seconds between two questions to a tunnel (a ping through it to the cloud's inside address and to `probe`)
#   PROBE_MISSES=4       answers missing in a row until the tunnel counts as dead: (1 + misses) x interval at the latest
#   HOLD_DOWN=30         seconds of uninterrupted health until a tunnel that died carries again beside another one
#   POLICY_PATIENCE=20   seconds that a policy-based tunnel gets to come up before the other one is tried
#
# A tunnel that has never answered a ping (some clouds don't) lives as long as it has a child SA.
# shellcheck disable=SC2154,SC2034 # variables with a number in their name are set and read by eval
set -u
export LC_ALL=C

ETC=${KAKEHASHI_ETC:-/etc/kakehashi} # other places only in tests
RUN=${KAKEHASHI_RUN:-/run/kakehashi}
LIB=${KAKEHASHI_LIB:-/usr/local/lib/kakehashi}
DEFAULTS=${KAKEHASHI_DEFAULTS:-/etc/default/kakehashi}
BGPD_PID=${KAKEHASHI_BGPD_PID:-/run/frr/bgpd.pid}

# As in kakehashi-interfaces.
ROUTE_PROTO=107
PROBE_MARK=$((0x6b000000))
# What passes FRR's routes by for a moment, see start_detour: a table for each connection. After the probes' rules, so that these keep their way.
DETOUR_TABLE=$((0x6b010000))
DETOUR_PREFERENCE=10701
SOURCE_PATIENCE=30 # seconds until FRR is told its routes' source again
CHECK_SECONDS=5 # between two looks at whether routes and FRR still are as they were left

say() { echo "kakehashi-routes: $*" >&2; }
die() {
  say "$2"
  exit "$1"
}

uptime_seconds() {
  read -r now _ </proc/uptime
  now=${now%.*}
}

for part in own-address watcher/files watcher/probes watcher/decide watcher/act; do
  # shellcheck source=/dev/null # checked as files of their own
  . "$LIB/$part.sh"
done

# hear WORD SLOT VERDICT: one line of the pipe.
hear() {
  case $1 in
    p)
      i=${2%?}
      eval "heard_$2=$now"
      case $3 in
        ok) eval "verdict_$2=ok answered_$i=yes was_heard_$2=yes" ;;
        lost) eval "verdict_$2=lost" ;;
        # Not lost, but not the uninterrupted health either that ends a hold-down.
        shaky) eval "[ \$needs_hold_$i = no ] || healthy_since_$i=$now"; return ;;
      esac
      judge "$i"
      ;;
    s)
      shift
      i=1
      while [ $i -le "$tunnels" ]; do
        eval "name=\$name_$i missing=\$missing_$i"
        case " $* " in
          *" $name "*) missing=0 sa=up ;;
          *) missing=$((missing + 1)) sa=down ;;
        esac
        eval "missing_$i=$missing"
        # Twice, for pluto may be starting again.
        if [ $missing -ne 1 ]; then eval "sa_$i=$sa"; fi
        # All of them before anything is done: a rank by what is known now beside one by what was known before moves traffic for nothing.
        judge $i
        i=$((i + 1))
      done
      ;;
    t) tick ;;
  esac
}

tick() {
  ticks=$((ticks + 1)) is_sa_needed=no
  i=1
  while [ $i -le "$tunnels" ]; do
    judge $i
    if [ "$alive" != yes ] || [ "$answered" = no ] || [ "$kind" = policy ]; then is_sa_needed=yes; fi
    case $kind:$alive in
      policy:*) eval "due_$c=yes" ;;
      static:no) eval "due_$c=yes" && look_who_comes_in $i ;;
      static:*) look_who_comes_in $i ;;
    esac
    for letter in a b; do
      eval "pid=\$pid_$i$letter heard=\$heard_$i$letter"
      if [ -n "$pid" ] && [ $((now - heard)) -gt "$SILENT_SECONDS" ]; then
        stop_child "$pid"
        start_prober $i $letter
      fi
    done
    i=$((i + 1))
  done
  if [ $is_sa_needed = yes ] && [ -z "$sa_watch_pid" ]; then
    sa_watch &
    sa_watch_pid=$!
  elif [ $is_sa_needed = no ] && [ -n "$sa_watch_pid" ]; then
    stop_child "$sa_watch_pid"
    sa_watch_pid=
  fi
  # What could not be done is tried again.
  n=1
  while [ $n -le "$connections" ]; do
    eval "[ -n \"\$applied_$n\" ] || due_$n=yes"
    end_detour_if_done $n
    n=$((n + 1))
  done
  if [ $has_moved = no ] && [ $((ticks % CHECK_SECONDS)) -eq 0 ]; then check_what_is_left; fi
}

# look_who_comes_in TUNNEL: whether packets came in by its interface since the last look.
look_who_comes_in() {
  eval "interface=\$interface_$1 before=\$came_in_$1"
  read -r came_in <"/sys/class/net/$interface/statistics/rx_packets" || return 0
  [ -z "$before" ] || [ "$came_in" = "$before" ] || eval "came_in_at_$1=$now"
  eval "came_in_$1=$came_in"
} 2>/dev/null

our_routes() {
  ip -4 route show table all proto "$ROUTE_PROTO"
  ip -4 rule show | grep "proto $ROUTE_PROTO\$"
}

# What others may have undone: an interface made anew, networkd started again, FRR started again.
check_what_is_left() {
  routes_now=$(our_routes)
  if [ "$routes_now" != "$routes_left" ]; then
    tell 'routes were changed by someone else: put back'
    kakehashi-interfaces up
    forget static
    has_moved=yes
  fi
  find_bgpd
  if [ "$bgpd_now" != "$bgpd_left" ]; then
    bgpd_left=$bgpd_now
    forget bgp
  fi
  check_source
}

find_bgpd() {
  bgpd_now=
  if [ -r "$BGPD_PID" ]; then read -r bgpd_now <"$BGPD_PID"; fi
}

forget() { # KIND: of connection, so that what is wanted is done again
  n=1
  while [ $n -le "$connections" ]; do
    eval "[ \$kind_$n != $1 ] || { applied_$n=''; due_$n=yes; }"
    n=$((n + 1))
  done
}

run() {
  read_settings
  read_files
  mkdir -p "$RUN/maintenance" || exit 2
  main_pid=$$ news='' complaint='' is_report_due=yes has_moved=yes routes_left='' sa_watch_pid='' ticks=0 source_told=-$SOURCE_PATIENCE
  if [ -r "$RUN/routes.pid" ] && read -r other <"$RUN/routes.pid" && [ "$other" != $$ ] &&
    grep -qs kakehashi-routes "/proc/$other/cmdline"; then
    die 2 "already running as process $other"
  fi
  echo $$ >"$RUN/routes.pid"
  uptime_seconds
  [ "$1" != resume ] || resume
  rm -f "$RUN/pipe"
  mkfifo -m 600 "$RUN/pipe" || exit 2
  exec 3<>"$RUN/pipe"
  rm -f "$RUN/pipe"
  signal=''
  trap 'signal=stop' TERM INT
  trap 'signal=reload' HUP
  clock &
  clock_pid=$!
  start_probers
  end_all_detours
  find_bgpd
  bgpd_left=$bgpd_now
  act_where_due
  while [ -z "$signal" ]; do
    read -r word slot verdict <&3 || continue
    uptime_seconds
    # shellcheck disable=SC2086 # the names of established tunnels are words
    hear "$word" $slot $verdict
    act_where_due
  done
  report
  stop_children
  end_all_detours
  exec 3>&-
  # The new one starts with what this one knows, so that nothing moves.
  [ "$signal" = stop ] || exec sh "$0" resume
  rm -f "$RUN/routes.pid"
  release
}

# release: FRR may use every neighbour again.
release() {
  neighbor_lines='' map_lines=''
  n=1
  while [ $n -le "$connections" ]; do
    eval "kind=\$kind_$n"
    [ "$kind" != bgp ] || frr_lines $n ''
    n=$((n + 1))
  done
  [ -n "$neighbor_lines" ] || return 0
  end_all_detours
  tell_frr || die 2 "FRR: $answer"
}

once() {
  read_settings
  i=1
  while [ $i -le "$tunnels" ]; do
    for letter in a b; do
      target_of $i $letter || continue
      eval "name=\$name_$i"
      {
        replies=$( (ping_tunnel "$way" "$target" "$source" -c 3 -W 1) | grep -c ' bytes from ')
        printf '%-32s %-15s %s of 3 answers\n' "$name" "$target" "$replies"
      } &
    done
    i=$((i + 1))
  done | sort
}

# maintenance TUNNEL on|off
maintenance() {
  i=1
  while [ $i -le "$tunnels" ] && eval "[ \"\$name_$i\" != \"\$1\" ]"; do i=$((i + 1)); done
  [ $i -le "$tunnels" ] || die 1 "$1: no such tunnel in $ETC/tunnels"
  if ! read -r pid <"$RUN/routes.pid" || [ ! -d "/proc/$pid" ]; then
    die 2 'the watcher is not running: systemctl start kakehashi-routes'
  fi 2>/dev/null
  if [ "$2" = off ]; then
    rm -f "$RUN/maintenance/$1"
    echo "$1: back in use"
    return
  fi
  eval "name=\$name_$i c=\$connection_$i"
  eval "members=\$tunnels_$c"
  other=
  for i in $members; do eval "[ \$name_$i = $name ] || other=\$name_$i"; done
  grep -qE "^$other (up|held|standby) " "$RUN/tunnels" || die 1 "$other is not up: draining $name would stop the connection"
  : >"$RUN/maintenance/$name" || exit 2
  tries=0
  until grep -q "^$name drained " "$RUN/tunnels"; do
    tries=$((tries + 1))
    [ $tries -le 50 ] || die 2 "the watcher did not answer; see: journalctl -u kakehashi-routes"
    sleep 0.2
  done
  echo "$name: drained, traffic is on $other; afterwards: kakehashi-routes maintenance $name off"
}

usage() {
  echo 'usage: kakehashi-routes [run | once | release | maintenance TUNNEL on|off]' >&2
  exit 1
}

case ${1:-run}:$# in
  run:[01] | resume:1) run "${1:-run}" ;;
  once:1) read_files; once ;;
  release:1) read_files; release ;;
  maintenance:3)
    case $3 in on | off) ;; *) usage ;; esac
    read_files
    maintenance "$2" "$3"
    ;;
  *) usage ;;
esac
