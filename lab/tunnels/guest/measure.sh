# What a case observes.
# shellcheck shell=bash disable=SC2154

# ping_ok NETWORK [more ping options]: both directions between the LAN's host and the cloud's host.
ping_ok() {
  load_network "$1"
  shift
  in_ns lan ping -c 3 -i 0.2 -W 2 -q "$@" "${network_host%/*}" > /run/lab/ping-out.txt &&
    in_ns "host.$network" ping -c 3 -i 0.2 -W 2 -q "$@" -I "${network_host%/*}" "${lan_host%/*}" > /run/lab/ping-in.txt
}

# gap_start LABEL NETWORK [INTERVAL_S]: pings both ways without pause, and each host notes when a packet of the other arrives.
# gap_stop LABEL: one JSON line; *OneWayMs is the longest silence at the receiver, *RoundTripMs between two answers.
gap_start() {
  local label=$1 dir=/run/lab/gap-$1 interval=${3:-0.04} there here
  load_network "$2"
  mkdir -p "$dir"
  there=${network_host%/*} here=${lan_host%/*}
  ip netns exec "host.$network" tcpdump -i any -n -tt -l -Q in "icmp[icmptype] == icmp-echo and src $here" > "$dir/out" 2> "$dir/out.err" &
  echo $! > "$dir/pids"
  ip netns exec lan tcpdump -i lan -n -tt -l -Q in "icmp[icmptype] == icmp-echo and src $there" > "$dir/in" 2> "$dir/in.err" &
  echo $! >> "$dir/pids"
  wait_for 5 grep -q listening "$dir/out.err"
  wait_for 5 grep -q listening "$dir/in.err"
  ip netns exec lan ping -D -n -i "$interval" "$there" > "$dir/out-ping" 2>&1 &
  echo $! >> "$dir/pids"
  ip netns exec "host.$network" ping -D -n -i "$interval" -I "$there" "$here" > "$dir/in-ping" 2>&1 &
  echo $! >> "$dir/pids"
}
gap_stop() {
  local label=$1 dir=/run/lab/gap-$1
  sleep 0.2
  # shellcheck disable=SC2046
  kill -INT $(tac "$dir/pids") 2>/dev/null
  sleep 0.3
  # shellcheck disable=SC2046   # ping_loss prints two numbers
  printf '{"label":"%s","outboundOneWayMs":%s,"inboundOneWayMs":%s,"outboundRoundTripMs":%s,"inboundRoundTripMs":%s,"outboundSent":%s,"outboundLost":%s,"inboundSent":%s,"inboundLost":%s}\n' "$label" \
    "$(longest_gap "$dir/out")" "$(longest_gap "$dir/in")" "$(longest_gap "$dir/out-ping")" "$(longest_gap "$dir/in-ping")" \
    $(ping_loss "$dir/out-ping") $(ping_loss "$dir/in-ping")
  mkdir -p /lab/out/gaps && cp -r "$dir" /lab/out/gaps/
}
# Milliseconds between two neighbouring time stamps; -1 when fewer than two.
longest_gap() {
  awk '{ gsub(/[][]/, "", $1) } $1 ~ /^[0-9]+\.[0-9]+$/ && !/Unreachable|unreachable/ { if (n++) { d = $1 - last; if (d > max) max = d } last = $1 }
    END { printf "%d", (n > 1 ? max * 1000 : -1) }' "$1"
}
# "sent lost"; packets on their way when ping was stopped count as lost.
ping_loss() { awk '/ packets transmitted, / { print $1, $1 - $4; found = 1 } END { if (!found) print -1, -1 }' "$1"; }

# esp_on_wire NAME SECONDS: prints "ESP CLEAR" packet counts seen on the Internet side of that gateway; status 0 when ESP was
# seen and nothing else but IKE. Traffic must be running.
esp_on_wire() {
  load_endpoint "$1"
  local file=/run/lab/wire-$1.txt esp clear
  in_ns inet timeout "$2" tcpdump -i "g$index" -n -l ip > "$file" 2>/dev/null
  esp=$(grep -cE 'ESP\(|UDP-encap: ESP' "$file")
  clear=$(grep -vE 'ESP\(|UDP-encap|\.(500|4500)( >|:)|isakmp|NONESP-encap|isakmp-nat-keep-alive' "$file" | grep -c ' IP ')
  echo "$esp $clear"
  [ "$esp" -gt 0 ] && [ "$clear" -eq 0 ]
}

# tcp_mbit NETWORK [SECONDS]: iperf3 with full-size segments, both ways at once: `OUT IN` in Mbit/s; fails when nothing arrives.
tcp_mbit() {
  load_network "$1"
  local pid rc
  ip netns exec "host.$network" iperf3 -s -1 -B "${network_host%/*}" > /run/lab/iperf-server.txt 2>&1 &
  pid=$!
  wait_for 5 eval "in_ns 'host.$network' ss -Hltn 'sport = :5201' | grep -q ."
  in_ns lan timeout $((${2:-2} + 10)) iperf3 -c "${network_host%/*}" -t "${2:-2}" --bidir -J > /run/lab/iperf.json 2>&1
  rc=$?
  kill $pid 2>/dev/null
  [ $rc -eq 0 ] && jq -e -r '[.end.sum_received, .end.sum_received_bidir_reverse] | map(.bits_per_second / 1e6 * 100 | floor / 100)
    | if all(. > 0) then map(tostring) | join(" ") else error("nothing arrives one way") end' /run/lab/iperf.json
}

# collect: the state and every log into the results. Pre-shared keys are cut out of what is copied.
collect() { # [FOLDER]
  local out=${1:-/lab/out/state}
  mkdir -p "$out/log"
  cp /var/log/*.log /var/log/*.out "$out/log/" 2>/dev/null
  {
    ipsec whack --status
    ipsec whack --trafficstatus
  } > "$out/ipsec-status.txt" 2>&1
  ip xfrm policy > "$out/xfrm-policy.txt"
  ip xfrm state | sed -E 's/(aead|auth|auth-trunc|enc) ([^ ]+) 0x[0-9a-f]+/\1 \2 …/' > "$out/xfrm-state.txt"
  { ip -d address; ip rule; ip route show table all; } > "$out/ip.txt"
  nft list ruleset > "$out/nftables.txt" 2>&1
  timeout 20 vtysh -c 'show running-config' -c 'show bgp summary' -c 'show bgp ipv4 unicast' -c 'show ip route' > "$out/frr.txt" 2>&1
  cp /etc/ipsec.conf "$out/" 2>/dev/null
  for_each_endpoint '{ swan $endpoint --list-sas; ip -n gw.$endpoint route; cloud_vtysh gw.$endpoint "show bgp summary" "show bgp ipv4 unicast"; } > $out/gw-$endpoint.txt 2>&1'
  for_each_network '{ ip -n host.$network route; cloud_vtysh host.$network "show bgp summary" "show bgp ipv4 unicast"; } > $out/host-$network.txt 2>&1'
}
