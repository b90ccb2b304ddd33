# A controller that is installed, and what every connection must do.
# shellcheck shell=bash disable=SC2154

# column TUNNEL NAME: a value of /etc/kakehashi/tunnels, by the name in its first line.
column() {
  awk -v tunnel="$1" -v name="$2" 'NR == 1 { for (i = 2; i <= NF; i++) if ($i == name) at = i - 1 } $1 == tunnel { print $at }' /etc/kakehashi/tunnels
}
tunnels_of() { awk -v connection="$1" 'NR > 1 && $2 == connection { print $1 }' /etc/kakehashi/tunnels; }
all_tunnels() { awk 'NR > 1 { print $1 }' /etc/kakehashi/tunnels; }
network_of() { load_endpoint "$1-1" && echo "$network"; }

# install TREE [OPTION…]: the tree as it was rendered, and its own install.sh.
install() {
  local tree=$1
  shift
  rm -rf /root/kakehashi && cp -a "trees/$tree" /root/kakehashi &&
    (cd /root/kakehashi && timeout --foreground $((80 * LAB_PATIENCE)) sh ./install.sh "$@") > "/lab/out/install-$tree.txt" 2>&1
}
said() { grep -qF "$2" "/lab/out/install-$1.txt"; }

# tunnels_up WANTED TUNNEL…: that many of them have a child SA, and BGP where they have BGP.
tunnels_up() {
  local wanted=$1 tunnel up=0 peers='' children
  shift
  children=$(whack --trafficstatus)
  for tunnel in "$@"; do
    [[ $children =~ \"$tunnel\"[^$'\n']*type=ESP ]] || continue
    if [ "$(column "$tunnel" routing)" = bgp ]; then
      peers=${peers:-$(bgp_peers_up)}
      [[ $peers == *" $(column "$tunnel" cloud_inside) "* ]] || continue
    fi
    up=$((up + 1))
  done
  [ $up -eq "$wanted" ]
}
tunnel_up() { tunnels_up 1 "$1"; }
# shellcheck disable=SC2046   # lists
connection_up() { tunnels_up "$(wanted_of "$1")" $(tunnels_of "$1"); }
wanted_of() { if [ "$(column "$1-1" mode)" = policy-based ]; then echo 1; else echo 2; fi; }
# shellcheck disable=SC2046   # lists
everything_up() {
  local wanted=0 connection
  for connection in $(awk 'NR > 1 { print $2 }' /etc/kakehashi/tunnels | sort -u); do wanted=$((wanted + $(wanted_of "$connection"))); done
  tunnels_up $wanted $(all_tunnels)
}
# carrying CONNECTION: the tunnel that the controller's kernel sends traffic into.
carrying() {
  local network device tunnel
  network=$(network_of "$1") && load_network "$network"
  device=$(ip route get "${network_host%/*}" from "${lan_host%/*}" iif "$lan_interface" | sed -n 's/.* dev \([^ ]*\).*/\1/p')
  for tunnel in $(tunnels_of "$1"); do [ "$(column "$tunnel" interface)" != "$device" ] || echo "$tunnel"; done
}
carries() { [ "$(carrying "$1")" = "$2" ]; }
passes() { ping_ok "$(network_of "$1")"; }
# Slower than any real machine, two at once on a busy host: more time than the 3 s that case_status_well tells of.
status() { kakehashi-status --within 20 "$@"; }
status_well() { status --quiet > /run/lab/status.txt; }

case_install() {
  must 'install.sh' install base
  for unit in ipsec kakehashi-interfaces kakehashi-nftables kakehashi-routes; do
    QUIET=1 must "$unit.service is enabled" systemctl is-enabled "$unit.service"
    QUIET=1 must "$unit.service runs" systemctl is-active "$unit.service"
  done
  must 'every tunnel up' wait_for 60 everything_up
}

# case_connection CONNECTION: both tunnels up, traffic both ways, inside ESP alone, full-size segments, one tunnel standing by.
case_connection() {
  local connection=$1 network tunnel mode
  network=$(network_of "$connection") || give_up "no connection $connection"
  tunnel=$(tunnels_of "$connection" | head -n 1)
  mode=$(column "$tunnel" mode)
  must 'tunnels up' wait_for 40 connection_up "$connection"
  must 'traffic both ways' wait_for 30 passes "$connection"
  # Longer than a hold-down, which runs where a busy host has let answers go missing.
  [ "$mode" = policy-based ] || must 'tunnel 1 carries' wait_for 45 carries "$connection" "$connection-1"
  only_esp "$connection"
  full_size "$connection"
  [ "$mode" = policy-based ] || must 'status of the connection' status_of "$connection"
}
# status_has FILTER: of the JSON in /run/lab/status.json; false too where there is none.
status_has() { jq -e -s "${@:2}" "length == 1 and (.[0] | $1)" /run/lab/status.json > /dev/null; }
status_of() {
  local tunnel
  status --json > /run/lab/status.json
  for tunnel in $(tunnels_of "$1"); do
    status_has "any(.tunnels[]; .name == \"$tunnel\" and .state == \"up\")" && continue
    jq -c --arg t "$tunnel" '.tunnels[] | select(.name == $t) | [.name, .state, .layers, .failure]' /run/lab/status.json
    return 1
  done
}

# only_esp CONNECTION: while packets run both ways, the Internet sees ESP to and from the gateway that carries, and on no gateway's wire an
# address of either side in clear.
only_esp() {
  local network tunnel wires='' wire
  network=$(network_of "$1") tunnel=$(carrying "$1")
  tunnel=${tunnel:-$1-1}
  load_network "$network"
  rm -f /run/lab/clear.*
  for_each_endpoint '
    ip netns exec inet timeout 3 tcpdump -i g$index -n -l -c 5 "host ${network_host%/*} or host ${lan_host%/*}" > /run/lab/clear.$index 2>/dev/null &
    wires="$wires $!"'
  load_network "$network"
  sleep 0.5
  ip netns exec lan ping -q -i 0.1 -c 15 "${network_host%/*}" > /dev/null 2>&1 &
  wires="$wires $!"
  ip netns exec "host.$network" ping -q -i 0.1 -c 15 -I "${network_host%/*}" "${lan_host%/*}" > /dev/null 2>&1 &
  wires="$wires $!"
  esp_on_wire "$tunnel" 1.5 > /run/lab/esp.txt || give_up "on the wire of $tunnel: $(cat /run/lab/esp.txt) packets of ESP, in clear"
  # shellcheck disable=SC2086 # a list
  wait $wires
  for wire in /run/lab/clear.*; do saw_none "$wire" || give_up "in clear on the Internet: $(head -n 1 "$wire")"; done
  note "on the wire of $tunnel: $(cut -d' ' -f1 /run/lab/esp.txt) packets of ESP, none in clear"
}

# saw_none FILE: tcpdump ends even an empty file with a line.
saw_none() { ! grep -q ' IP ' "$1"; }

# full_size CONNECTION: TCP both ways at the clamped size: the SYN's MSS, no IP fragment outside, no black hole without path MTU discovery.
full_size() {
  local network tunnel mss fragments syn
  network=$(network_of "$1") tunnel=$(carrying "$1")
  tunnel=${tunnel:-$1-1}
  mss=$(column "$tunnel" mss)
  load_network "$network"
  load_endpoint "$tunnel"
  ip netns exec inet timeout 30 tcpdump -i "g$index" -n -l -c 3 'ip[6:2] & 0x3fff != 0' > /run/lab/fragments.txt 2>/dev/null &
  fragments=$!
  ip netns exec "host.$network" timeout 20 tcpdump -i any -n -l -c 2 'tcp port 5201 and tcp[tcpflags] & tcp-syn != 0' > /run/lab/syn.txt 2>/dev/null &
  syn=$!
  sleep 0.4
  tcp_mbit "$network" 1 > /run/lab/mbit.txt 2>&1 || give_up "TCP: $(jq -r '.error // empty' /run/lab/iperf.json 2>/dev/null) $(cat /run/lab/mbit.txt)"
  kill $syn 2>/dev/null
  wait $syn 2>/dev/null
  grep -q "mss $mss\b" /run/lab/syn.txt || give_up "TCP: MSS is not clamped to $mss: $(grep -o 'mss [0-9]*' /run/lab/syn.txt | paste -sd,)"
  note "TCP with MSS $mss, out and in at once: $(cat /run/lab/mbit.txt) Mbit/s"
  kill $fragments 2>/dev/null
  wait $fragments 2>/dev/null
  saw_none /run/lab/fragments.txt || give_up "fragments on the Internet: $(head -n 1 /run/lab/fragments.txt)"
}

metrics_as_nobody() { setpriv --reuid nobody --clear-groups kakehashi-metrics nagios > /run/lab/metrics.txt && grep -q '^KAKEHASHI OK' /run/lab/metrics.txt; }

# case_status_well: exit status 0, all tunnels, in under 3 s (the time is told; under emulation it may be longer).
case_status_well() {
  local started
  started=$(now)
  must 'kakehashi-status says all is well' wait_for 40 status_well
  started=$(now)
  kakehashi-status > /lab/out/status.txt 2>&1
  note "kakehashi-status took $(awk -v a="$started" -v b="$(now)" 'BEGIN { printf "%.1f s", b - a }'): $(cat /run/lab/status.txt)"
  # What the site's monitoring reads, as the least of all users.
  must 'its snapshot by the timer' systemctl start kakehashi-metrics.service
  must 'nobody reads it' metrics_as_nobody
  note "kakehashi-metrics nagios: $(head -c 100 /run/lab/metrics.txt)"
}
