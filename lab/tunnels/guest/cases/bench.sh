# How long traffic stands still when something breaks.
# shellcheck shell=bash disable=SC2154

# case_bench FAULT RUNS WINDOW CONNECTION…: in turns, so that one heals while another is broken. A line @result for each run.
case_bench() {
  local fault=$1 runs=$2 window=$3 run connection
  shift 3
  for run in $(seq "$runs"); do
    for connection in "$@"; do bench_once "$fault" "$window" "$connection" "$run"; done
  done
}
# The administrator's file, before install.sh: a shorter hold-down only, so that a run needn't wait half a minute for the next.
case_bench_install() {
  local started calls=''
  printf 'HOLD_DOWN=%s\n' "$1" > /etc/default/kakehashi
  case_install
  # With BGP the watcher moves traffic by one call of vtysh: what that costs here, where everything is emulated.
  for _ in 1 2 3 4 5; do
    started=$(now)
    vtysh -c 'show version' > /dev/null 2>&1
    calls="$calls$(awk -v a="$started" -v b="$(now)" 'BEGIN { printf "%d", (b - a) * 1000 }') "
  done
  tell "result $case_id $(jq -c -n --arg calls "$calls" '{vtyshMs: ($calls | split(" ") | map(select(. != "") | tonumber))}')"
}

bench_once() {
  local fault=$1 window=$2 connection=$3 run=$4 network victim gaps
  network=$(network_of "$connection")
  QUIET=1 must "run $run of $connection: healthy" wait_for 150 is_healthy "$connection"
  # What the controller sends goes by tunnel 1; the cloud's answers may come by either, as it likes: break the one that carries most.
  victim=$(carrying "$connection")
  gap_start bench "$network" 0.05
  pause "1.$((RANDOM % 1000))"
  "fault_$fault" "$victim" "$window"
  gaps=$(gap_stop bench)
  "mend_$fault" "$victim"
  tell "result $case_id $(jq -c --arg connection "$connection" --arg victim "$victim" --argjson run "$run" '. + {connection: $connection, victim: $victim, run: $run}' <<< "$gaps")"
}
is_healthy() {
  local tunnel
  connection_up "$1" || return 1
  for tunnel in $(tunnels_of "$1"); do grep -qE "^$tunnel (up|standby) " /run/kakehashi/tunnels || return 1; done
  ping_ok "$(network_of "$1")" -c 2
}

fault_cut() { cut_path "$1"; pause "$2"; }
mend_cut() { heal_path "$1"; }
fault_kill() { kill_peer "$1"; pause "$2"; }
mend_kill() { start_peer "$1"; }
fault_bgp() { stop_bgp "$1"; pause "$2"; }
mend_bgp() { start_bgp "$1"; }
# Cut and healed every 4 s: the hold-down keeps traffic away from such a path.
fault_flap() {
  local end
  end=$(($(now | cut -d. -f1) + $2))
  while [ "$(now | cut -d. -f1)" -lt $end ]; do
    cut_path "$1"
    pause 4
    heal_path "$1"
    pause 4
  done
}
mend_flap() { :; }

# case_return CONNECTION: after healing, traffic goes back to tunnel 1 without a gap, and not before the default hold-down of 30 s.
case_return() {
  local connection=$1 network started healed
  network=$(network_of "$connection")
  must 'healthy' wait_for 60 is_healthy "$connection"
  cut_path "$connection-1"
  must 'tunnel 2 carries' wait_for 30 carries "$connection" "$connection-2"
  pause 3
  gap_start return "$network" 0.05
  healed=$(now)
  heal_path "$connection-1"
  must 'tunnel 1 carries again' wait_for 120 carries "$connection" "$connection-1"
  started=$(awk -v a="$healed" -v b="$(now)" 'BEGIN { printf "%d", b - a }')
  pause 5
  gap_stop return > /run/lab/return.json
  [ "$started" -ge "$(sed -n 's/^HOLD_DOWN=//p' /etc/default/kakehashi 2>/dev/null || echo 30)" ] || give_up "it went back after $started s already"
  jq -e -s 'length == 1 and (.[0] | .outboundLost <= 2 and .inboundLost <= 2)' /run/lab/return.json > /dev/null || give_up "going back cost packets: $(lost_in return)"
  note "back after $started s: $(lost_in return)"
}

# case_failover CONNECTION OUT_MS IN_MS: one cut of the path that carries; what the site sends, and what the cloud sends, stands still for no
# longer than that. Wider than what is measured by npm run bench:tunnel, for other jobs may run beside.
case_failover() {
  local connection=$1 victim network
  network=$(network_of "$connection")
  must 'healthy' wait_for 90 is_healthy "$connection"
  victim=$(carrying "$connection")
  gap_start failover "$network" 0.05
  pause 1
  cut_path "$victim"
  must 'the other tunnel carries' wait_for 40 carries_not "$connection" "$victim"
  must 'traffic both ways' wait_for 60 passes "$connection"
  gap_stop failover > /run/lab/failover.json
  heal_path "$victim"
  note "$(jq -r '"silent for \(.outboundOneWayMs) ms out, \(.inboundOneWayMs) ms in"' /run/lab/failover.json)"
  jq -e -s --argjson o "$2" --argjson i "$3" 'length == 1 and (.[0] | .outboundOneWayMs <= $o and .inboundOneWayMs <= $i)' /run/lab/failover.json > /dev/null ||
    give_up "too long: $(jq -c '[.outboundOneWayMs, .inboundOneWayMs]' /run/lab/failover.json) ms"
  must 'both tunnels again' wait_for 90 connection_up "$connection"
}
carries_not() { local now_carrying; now_carrying=$(carrying "$1"); [ -n "$now_carrying" ] && [ "$now_carrying" != "$2" ]; }
