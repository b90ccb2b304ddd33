# shellcheck shell=sh disable=SC2034,SC2154 # variables are shared with the other parts, many through eval
# Part of kakehashi-routes: what the tunnels say. Every prober, the clock and the look at Libreswan are processes of their own that
# write lines into one pipe (descriptor 3); the main loop reads them without starting a process.
#   p SLOT ok|shaky|lost   a prober; the slot is the tunnel's number and a (its inside address) or b (the probe)
#   s TUNNEL…              the tunnels that have a child SA
#   t                      a second has passed

SA_POLL_SECONDS=2 # between two looks at Libreswan's child SAs, while a tunnel is judged by them
SILENT_SECONDS=60 # after which a prober that says nothing is started anew
RETRY_MISSES=30   # after which ping starts anew: its socket may hang on a removed interface, or its flow on a dead path

# ping_tunnel WAY TARGET SOURCE ARGUMENTS…: by an interface, and the reply counts only if it comes back by it; by a mark, and it may come by
# any; or as the routes say (-).
ping_tunnel() {
  ping_way=$1 ping_target=$2 ping_source=$3
  shift 3
  case $ping_way in
    -) ;;
    [0-9]*) set -- "$@" -m "$ping_way" ;;
    *) set -- "$@" -I "$ping_way" ;;
  esac
  [ "$ping_source" = - ] || set -- "$@" -I "$ping_source"
  exec ping -n -i "$PROBE_INTERVAL" "$@" "$ping_target" 2>&1
}

prober() { # SLOT
  verdict=unknown ping_pid='' pipe="$RUN/probe.$1" letter=${1#"${1%?}"}
  trap '[ -z "$ping_pid" ] || kill "$ping_pid" 2>/dev/null; exit 0' TERM
  while [ -d "/proc/$main_pid" ]; do
    rm -f "$pipe"
    mkfifo -m 600 "$pipe" || exit 2
    target_of "${1%?}" "$letter"
    (ping_tunnel "$way" "$target" "$source" -O) >"$pipe" 3>&- &
    ping_pid=$!
    misses=0 replies=0
    while read -r line; do
      case $line in
        *' bytes from '*)
          misses=0 replies=$((replies + 1))
          [ $verdict = ok ] && [ $((replies % 8)) -ne 0 ] || echo "p $1 ok" >&3
          verdict=ok
          ;;
        'no answer yet'*)
          misses=$((misses + 1))
          if [ $misses -eq 2 ]; then echo "p $1 shaky" >&3; fi
          if [ $misses -ge "$PROBE_MISSES" ] && { [ $verdict != lost ] || [ $((misses % 8)) -eq 0 ]; }; then
            verdict=lost
            echo "p $1 lost" >&3
          fi
          [ $misses -lt $RETRY_MISSES ] || break
          ;;
      esac
    done <"$pipe"
    kill "$ping_pid" 2>/dev/null
    wait "$ping_pid" 2>/dev/null
    [ $misses -ge $RETRY_MISSES ] && continue
    # ping could not start, most likely for want of the interface.
    verdict=lost
    echo "p $1 lost" >&3
    sleep 1
  done
}

clock() { while [ -d "/proc/$main_pid" ] && sleep 1; do echo t >&3; done; }

sa_watch() {
  while [ -d "/proc/$main_pid" ]; do
    established=$(timeout 5 ipsec whack --trafficstatus 2>/dev/null | while read -r line; do
      case $line in *'type=ESP'*) ;; *) continue ;; esac
      line=${line#*\"}
      printf '%s ' "${line%%[\"/]*}"
    done 2>/dev/null)
    echo "s $established" >&3
    sleep $SA_POLL_SECONDS
  done
}

# target_of TUNNEL LETTER: sets way, target and source; false if there is nothing to ask.
target_of() {
  eval "way=\$interface_$1 c=\$connection_$1"
  case $2 in
    a) eval "target=\$cloud_inside_$1 source=-" ;;
    # A host behind the cloud's gateway can answer only an address that the cloud has a route to, and by the tunnel that the cloud likes.
    b)
      eval "target=\$probe_$1 source=\$source_ip"
      [ "$way" = - ] || eval "way=\$((PROBE_MARK + if_number_$1))"
      # Looked for at every start of a ping: its interface may come up after the watcher.
      [ "$target" = - ] || [ "$source" != - ] || source=$(own_address "$local_prefixes")
      ;;
  esac
  # Without an interface of its own the probe goes by whichever tunnel is up: one for both is enough.
  [ "$target" != - ] && { [ "$way" != - ] || eval "[ \$first_$c = $1 ]"; }
}

start_prober() { # TUNNEL LETTER
  target_of "$1" "$2" || return 0
  prober "$1$2" &
  eval "pid_$1$2=\$! heard_$1$2=\$now"
}

start_probers() {
  uptime_seconds
  i=1
  while [ $i -le "$tunnels" ]; do
    start_prober $i a
    start_prober $i b
    i=$((i + 1))
  done
}

stop_children() {
  i=1
  while [ $i -le "$tunnels" ]; do
    eval "stop_child \"\$pid_${i}a\"; stop_child \"\$pid_${i}b\""
    i=$((i + 1))
  done
  stop_child "$clock_pid"
  stop_child "$sa_watch_pid"
}
stop_child() {
  [ -n "$1" ] || return 0
  kill "$1" 2>/dev/null
  wait "$1" 2>/dev/null
}
