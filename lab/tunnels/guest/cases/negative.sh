# What a mistake at the other end looks like: the tunnel stays down, nothing else is disturbed, kakehashi-status names the layer.
# shellcheck shell=bash disable=SC2154

# misconfigure TUNNEL NAME=VALUE…: that gateway is replaced by one with other settings, as if somebody had changed it in the cloud.
misconfigure() {
  local tunnel=$1 pair
  shift
  cp /run/lab/endpoints /run/lab/endpoints.good
  for pair in "$@"; do
    sed -i -E "/ endpoint='$tunnel' /s|( ${pair%%=*}=)('[^']*'\|[^ ]*)|\1'${pair#*=}'|" /run/lab/endpoints
  done
  ! cmp -s /run/lab/endpoints /run/lab/endpoints.good || return 1
  kill_peer "$tunnel"
  start_peer "$tunnel" && restart_tunnel "$tunnel"
}
# restart_tunnel TUNNEL: as an administrator would after something has changed in the cloud; pluto by itself waits longer at each try.
restart_tunnel() {
  case $(ipsec --version) in
    *' 5.'*) ipsec replace "$1" && ipsec up --asynchronous "$1" ;;
    *) ipsec auto --replace "$1" && ipsec auto --asynchronous --up "$1" ;;
  esac > /dev/null 2>&1
}

mend() {
  mv /run/lab/endpoints.good /run/lab/endpoints
  kill_peer "$1"
  start_peer "$1" && restart_tunnel "$1"
}
# says TUNNEL LAYER CODES(a|b) [EXIT]: what kakehashi-status finds wrong with the tunnel, and its exit status.
says() {
  local rc
  status --json --tunnel "$1" > "/run/lab/status-$1.json"
  rc=$?
  [[ $(jq -r --arg t "$1" '.tunnels[] | select(.name == $t) | .failure | "\(.layer) \(.code)"' "/run/lab/status-$1.json") =~ ^$2\ ($3)$ ]] && [ "${4:-$rc}" = $rc ]
}
note_failure() { note "$(jq -r --arg t "$1" '.tunnels[] | select(.name == $t) | .failure | "\(.layer): \(.text)"' "/run/lab/status-$1.json")"; }
# Every SA, not every BGP session: those take half a minute to come back, and what is broken next is another connection.
every_sa_up() {
  local tunnel children
  children=$(whack --trafficstatus)
  for tunnel in $(all_tunnels); do [[ $children =~ \"$tunnel\"[^$'\n']*type=ESP ]] || return 1; done
}

# case_negative TUNNEL LAYER CODES NAME=VALUE…: CODES are those of kakehashi-status that tell the truth about this mistake.
case_negative() {
  local tunnel=$1 layer=$2 codes=$3 connection=${1%-*} network
  shift 3
  QUIET=1 must 'every SA up before' wait_for 60 every_sa_up
  network=$(network_of "$connection")
  note_sas /run/lab/sas-before
  must 'the cloud is changed' misconfigure "$tunnel" "$@"
  trap 'mend "$tunnel" > /dev/null 2>&1' EXIT
  must "down, status says $layer: $codes, and exits with 1: degraded, the connection carries" wait_for 120 says "$tunnel" "$layer" "$codes" 1
  note_failure "$tunnel"
  must 'still down' stays_down "$tunnel" 5
  QUIET=1 must 'the other tunnel carries' wait_for 20 ping_ok "$network"
  QUIET=1 must 'nothing else touched' others_untouched /run/lab/sas-before "$tunnel"
  trap - EXIT
  must 'mended' mend "$tunnel"
  must 'up again' wait_for 60 child_up "$tunnel"
}
stays_down() {
  local end
  end=$(($(now | cut -d. -f1) + $2))
  while [ "$(now | cut -d. -f1)" -lt $end ]; do
    ! child_up "$1" || return 1
    sleep 0.5
  done
}

# case_pfs TUNNEL: a PFS group that differs shows at the first rekey only: the tunnel is up until then, and status says so afterwards.
# The last of its boot: at its end everything that was broken and mended before has come back whole, BGP too.
case_pfs() {
  local tunnel=$1
  must 'everything up before' wait_for 60 everything_up
  note_sas /run/lab/sas-before
  must 'the cloud is changed' misconfigure "$tunnel" "esp_proposal=$2"
  trap 'mend "$tunnel" > /dev/null 2>&1' EXIT
  must 'up with the other group' wait_for 60 tunnel_up "$tunnel"
  if force_rekey controller child "$tunnel"; then give_up 'the rekey went through'; fi
  must 'status says child: rekey-refused' wait_for 30 says "$tunnel" child 'rekey-refused|esp-proposal'
  note_failure "$tunnel"
  must 'nothing else touched' others_untouched /run/lab/sas-before "$tunnel"
  trap - EXIT
  must 'mended' mend "$tunnel"
  must 'everything up after' wait_for 90 everything_up
}
# case_policy_based CONNECTION: one tunnel up, the other loaded; the idle one takes over when the first one's path is cut.
case_policy_based() {
  local connection=$1 network
  network=$(network_of "$connection")
  must 'traffic both ways' wait_for 40 passes "$connection"
  child_up "$connection-1" && ! child_up "$connection-2" || give_up 'not exactly tunnel 1 is up'
  status --json > /run/lab/status.json
  status_has "any(.tunnels[]; .name == \"$connection-2\" and .state == \"standby\")" || give_up 'status does not say standby for tunnel 2'
  gap_start policy "$network" 0.1
  cut_path "$connection-1"
  must 'tunnel 2 takes over' wait_for 90 child_up "$connection-2"
  must 'traffic both ways again' wait_for 60 passes "$connection"
  gap_stop policy > /run/lab/policy.json
  note "tunnel 1's path cut: $(jq -r '"out \(.outboundRoundTripMs) ms, in \(.inboundRoundTripMs) ms without an answer"' /run/lab/policy.json)"
  heal_path "$connection-1"
  must 'traffic stays' passes "$connection"
}

# case_clear CONNECTION: with both tunnels dead nothing leaves in clear, and traffic comes back by itself.
case_clear() {
  local connection=$1 network tunnel pids=''
  network=$(network_of "$connection")
  must 'everything up before' wait_for 60 everything_up
  for tunnel in $(tunnels_of "$connection"); do cut_path "$tunnel"; done
  load_network "$network"
  # Whatever the controller sends to the cloud's addresses would go by its default route: watch the first wire of the Internet.
  ip netns exec inet timeout 30 tcpdump -i site -n -l -c 1 "ether src $(cat "/sys/class/net/$wan_interface/address") and host ${network_host%/*}" > /run/lab/clear-all.txt 2>/dev/null &
  pids=$!
  ip netns exec lan timeout 25 ping -q -i 0.2 "${network_host%/*}" > /dev/null 2>&1 &
  pids="$pids $!"
  timeout 25 ping -q -i 0.2 "${network_host%/*}" > /dev/null 2>&1
  # shellcheck disable=SC2086
  kill $pids 2>/dev/null
  saw_none /run/lab/clear-all.txt || give_up "in clear: $(head -n 1 /run/lab/clear-all.txt)"
  status --quiet > /run/lab/status.txt
  [ $? -eq 2 ] || give_up "status exit is not 2: $(cat /run/lab/status.txt)"
  for tunnel in $(tunnels_of "$connection"); do heal_path "$tunnel"; done
  must 'everything up again by itself' wait_for 120 everything_up
  must 'traffic both ways' wait_for 60 passes "$connection"
}
