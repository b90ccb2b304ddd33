# The clouds' side: strongSwan and FRR for each gateway, FRR for the host behind them.
# shellcheck shell=bash disable=SC2154
CLOUD_DIR=/run/lab/cloud

# clouds_start: everything in lab.json. Daemons start at once and are waited for together: emulation makes each slow.
clouds_start() {
  chmod 1777 /var/log
  fabric_write
  for_each_endpoint 'charon_spawn'
  for_each_endpoint 'inside_routes; ! has_bgp "$network" || { frr_render_gateway; frr_spawn "gw.$endpoint"; }'
  for_each_network '! has_bgp "$network" || { frr_render_host; frr_spawn "host.$network"; }'
  local loads='' load
  for_each_endpoint 'charon_load "$endpoint" & loads="$loads $!"'
  for load in $loads; do wait "$load" || return 1; done
}

charon_spawn() { # the endpoint loaded in the environment
  local dir=$CLOUD_DIR/$endpoint margin_ike=$((ike_lifetime - rekey_margin)) margin_esp=$((esp_lifetime - rekey_margin))
  local fuzz=$((rekey_margin * rekey_fuzz / 100))
  [ "$does_rekey" = true ] || { margin_ike=0 margin_esp=0 fuzz=0; }
  mkdir -p "$dir/swanctl"
  cat > "$dir/strongswan.conf" <<X
swanctl { load = random openssl }
charon-systemd {
  load = random nonce openssl hmac kdf gcm aes sha2 sha1 gmp curve25519 kernel-netlink socket-default updown vici
  install_routes = no
  install_virtual_ip = no
  retransmit_tries = 4
  retransmit_timeout = $(awk -v t="$dpd_give_up" 'BEGIN { printf "%.2f", t / 15.8 }')
  retransmit_base = 1.6
  plugins { vici { socket = unix://$dir/vici } }
  filelog { lab {
    path = /var/log/charon-$endpoint.log
    default = 1
    flush_line = yes
    time_format = %T
    time_add_ms = yes
  } }
}
X
  cat > "$dir/swanctl/swanctl.conf" <<X
connections { site {
  version = $ike_version
  local_addrs = $outside_ip
  remote_addrs = $public_ip
  proposals = $ike_proposal
  dpd_delay = ${dpd_delay}s
  rekey_time = ${margin_ike}s
  over_time = ${rekey_margin}s
  rand_time = ${fuzz}s
  if_id_in = $((index + 100))
  if_id_out = $((index + 100))
  local { auth = psk
    id = $local_id }
  remote { auth = psk
    id = $remote_id }
  children { net {
    local_ts = $local_ts
    remote_ts = $remote_ts
    esp_proposals = $esp_proposal
    life_time = ${esp_lifetime}s
    rekey_time = ${margin_esp}s
    rand_time = ${fuzz}s
    dpd_action = $dpd_action
    start_action = $([ "$does_initiate" = true ] && echo start || echo none)
    updown = $dir/updown
    mode = tunnel
  } }
} }
secrets { ike-site { secret = "$psk" } }
X
  # The fabric follows the child SA where routes are static. Two SAs may overlap, so they are counted.
  cat > "$dir/updown" <<X
#!/bin/sh
n=\$(cat $dir/children 2>/dev/null || echo 0)
case \$PLUTO_VERB in up-client) n=\$((n + 1)) ;; down-client) n=\$((n > 0 ? n - 1 : 0)) ;; esac
echo \$n > $dir/children
[ "$routing" = static ] || exit 0
# Not waited for: charon answers the other end only when this has ended.
[ -s $CLOUD_DIR/frr.gw.$endpoint/frr.conf ] || { setsid sh $CLOUD_DIR/fabric $network > /dev/null 2>&1 & exit 0; }
for prefix in $site_prefixes; do
  if [ \$n -gt 0 ]; then ip route replace \$prefix dev tunnel; else ip route del \$prefix dev tunnel; fi
done
X
  chmod 755 "$dir/updown"
  rm -f "$dir/vici" "$dir/children"
  # A session of its own: it outlives the case that starts it.
  STRONGSWAN_CONF=$dir/strongswan.conf setsid ip netns exec "gw.$endpoint" charon-systemd > "/var/log/charon-$endpoint.out" 2>&1 &
  echo $! > "$dir/charon.pid"
}
charon_load() { # NAME
  local dir=$CLOUD_DIR/$1
  wait_for 30 test -S "$dir/vici" || { echo "lab: charon of $1 did not start" >&2; return 1; }
  SWANCTL_DIR=$dir/swanctl STRONGSWAN_CONF=$dir/strongswan.conf swanctl --load-all --uri "unix://$dir/vici" > "/var/log/swanctl-$1.out" 2>&1 ||
    { cat "/var/log/swanctl-$1.out" >&2; return 1; }
}
# swan NAME ARGUMENTS…: swanctl on that gateway.
swan() { local name=$1; shift; STRONGSWAN_CONF=$CLOUD_DIR/$name/strongswan.conf timeout 30 swanctl "$@" --uri "unix://$CLOUD_DIR/$name/vici"; }

frr_render_gateway() {
  local file=$CLOUD_DIR/frr.gw.$endpoint/frr.conf
  mkdir -p "${file%/*}"
  {
    cat <<X
router bgp $local_asn
 bgp router-id $outside_ip
 no bgp ebgp-requires-policy
 no bgp network import-check
 bgp default local-preference $return_preference
 neighbor 198.19.$index.2 remote-as $local_asn
 neighbor 198.19.$index.2 timers 3 9
 neighbor 198.19.$index.2 timers connect 2
X
    if [ "$routing" = bgp ]; then
      cat <<X
 neighbor $bgp_peer remote-as $remote_asn
 neighbor $bgp_peer timers $bgp_keepalive $bgp_hold
 neighbor $bgp_peer timers connect 5
 neighbor $bgp_peer update-source $bgp_address
X
      [ "$bgp_multihop" = 0 ] || echo " neighbor $bgp_peer ebgp-multihop $bgp_multihop"
      [ "$bfd" = false ] || echo " neighbor $bgp_peer bfd"
      [ "$bgp_passive" = false ] || echo " neighbor $bgp_peer passive"
    fi
    echo " address-family ipv4 unicast"
    echo "  neighbor 198.19.$index.2 next-hop-self"
    if [ "$routing" = bgp ]; then
      [ "$send_med" = -1 ] || echo "  neighbor $bgp_peer route-map med out"
      load_network "$network"
      for prefix in $network_prefixes; do echo "  network $prefix"; done
    else
      echo "  redistribute kernel"
    fi
    echo " exit-address-family"
    [ "$send_med" = -1 ] || printf 'exit\nroute-map med permit 10\n set metric %s\nexit\n' "$send_med"
    if [ "$bfd" = true ]; then
      printf 'bfd\n peer %s\n  receive-interval 300\n  transmit-interval 300\n  detect-multiplier 3\n' "$bgp_peer"
    fi
  } > "$file"
}
# The fabric's own way from a gateway to its network.
inside_routes() {
  for prefix in $(load_network "$network" && echo "$network_prefixes"); do ip -n "gw.$endpoint" route replace "$prefix" via "198.19.$index.2"; done
}
# Whether any gateway of that network speaks BGP; the others get by without FRR, whose daemons take seconds to start under emulation.
has_bgp() { grep -F " network='$1' " /run/lab/endpoints | grep -q " routing='bgp' "; }
# The fabric of a network with static routes: `fabric NETWORK` sends what leaves for the site to the gateways that have a child SA, all
# of the highest preference or the first of them.
fabric_write() {
  mkdir -p "$CLOUD_DIR"
  cat > "$CLOUD_DIR/fabric" <<'FABRIC'
#!/bin/sh
exec 9> /run/lab/fabric.lock
flock 9
hops='' best=0 prefixes=''
while IFS= read -r line; do
  case $line in *" network='$1' "*) ;; *) continue ;; esac
  eval "$line"
  prefixes=$site_prefixes
  children=$(cat "/run/lab/cloud/$endpoint/children" 2>/dev/null || echo 0)
  for prefix in $site_prefixes; do
    if [ "$children" -gt 0 ]; then ip -n "gw.$endpoint" route replace "$prefix" dev tunnel
    else ip -n "gw.$endpoint" route del "$prefix" dev tunnel 2>/dev/null; fi
  done
  [ "$children" -gt 0 ] || continue
  if [ "$return_preference" -gt "$best" ]; then best=$return_preference hops="nexthop via 198.19.$index.1"
  elif [ "$return_preference" -eq "$best" ]; then hops="$hops nexthop via 198.19.$index.1"; fi
done < /run/lab/endpoints
eval "$(grep "^network='$1' " /run/lab/networks)"
if [ "$return_paths" -eq 1 ] && [ -n "$hops" ]; then
  # shellcheck disable=SC2086 # words
  set -- "$1" $hops
  hops="$2 $3 $4"
fi
for prefix in $prefixes; do
  # shellcheck disable=SC2086 # words
  if [ -n "$hops" ]; then ip -n "host.$1" route replace "$prefix" $hops
  else ip -n "host.$1" route del "$prefix" 2>/dev/null; fi
done
exit 0
FABRIC
}
frr_render_host() {
  local file=$CLOUD_DIR/frr.host.$network/frr.conf gateways
  mkdir -p "${file%/*}"
  gateways=$(grep -F " network='$network' " /run/lab/endpoints)
  {
    eval "$(head -n1 <<< "$gateways")"
    echo "router bgp $local_asn"
    echo " bgp router-id ${network_host%/*}"
    echo " no bgp ebgp-requires-policy"
    while read -r line; do
      eval "$line"
      echo " neighbor 198.19.$index.1 remote-as $local_asn"
      echo " neighbor 198.19.$index.1 timers 3 9"
      echo " neighbor 198.19.$index.1 timers connect 2"
    done <<< "$gateways"
    echo " address-family ipv4 unicast"
    echo "  maximum-paths ibgp $return_paths"
    echo " exit-address-family"
  } > "$file"
}
frr_spawn() { # NAMESPACE
  local ns=$1 dir=$CLOUD_DIR/frr.$1 daemon
  local common=(-z "$dir/zserv.api" --vty_socket "$dir" -u frr -g frr -A 127.0.0.1 -P 0)
  : > "$dir/zebra.conf"
  chown -R frr:frr "$dir"
  chmod 755 "$CLOUD_DIR"
  setsid ip netns exec "$ns" /usr/lib/frr/zebra -f "$dir/zebra.conf" -i "$dir/zebra.pid" "${common[@]}" > "/var/log/zebra-$ns.out" 2>&1 &
  for daemon in bgpd $(grep -q '^bfd' "$dir/frr.conf" && echo bfdd); do frr_spawn_one "$ns" "$daemon" & done
}
frr_spawn_one() { # NAMESPACE DAEMON
  local ns=$1 daemon=$2 dir=$CLOUD_DIR/frr.$1 more=()
  if [ "$daemon" = bfdd ]; then
    more=(--bfdctl "$dir/bfdd.sock")
    sed -n '/^bfd/,$p' "$dir/frr.conf" > "$dir/$daemon.conf"
  else
    sed '/^bfd/,$d' "$dir/frr.conf" > "$dir/$daemon.conf"
  fi
  chown frr:frr "$dir/$daemon.conf"
  wait_for 15 test -S "$dir/zserv.api"
  exec setsid ip netns exec "$ns" /usr/lib/frr/"$daemon" -f "$dir/$daemon.conf" -i "$dir/$daemon.pid" -z "$dir/zserv.api" --vty_socket "$dir" -u frr -g frr \
    -A 127.0.0.1 "${more[@]}" --log "file:/var/log/$daemon-$ns.log" > "/var/log/$daemon-$ns.out" 2>&1
}
# cloud_vtysh NAMESPACE COMMAND…: on that gateway's or host's bgpd.
cloud_vtysh() {
  local ns=$1 arguments=() command
  shift
  for command in "$@"; do arguments+=(-c "$command"); done
  ip netns exec "$ns" timeout 10 vtysh --vty_socket "$CLOUD_DIR/frr.$ns" -d bgpd "${arguments[@]}" 2>/dev/null
}
