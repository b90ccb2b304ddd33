# What a case does to the tunnels.
# shellcheck shell=bash disable=SC2154

# cut_path NAME, heal_path NAME: everything between the site and that gateway is dropped on the Internet, both ways.
cut_path() { load_endpoint "$1" && in_ns inet nft add element ip lab cut "{ $outside_ip }"; }
heal_path() { load_endpoint "$1" && in_ns inet nft delete element ip lab cut "{ $outside_ip }"; }

# kill_peer NAME: the gateway loses its processes and its SAs at once. start_peer NAME: a fresh one takes its place.
kill_peer() {
  local dir=$CLOUD_DIR/frr.gw.$1 pid
  for pid in "$CLOUD_DIR/$1/charon.pid" "$dir"/*.pid; do [ ! -s "$pid" ] || kill -9 "$(cat "$pid")" 2>/dev/null; done
  in_ns "gw.$1" ip xfrm state flush
  in_ns "gw.$1" ip xfrm policy flush
  rm -f "$dir"/*.pid "$dir"/*.vty "$dir/zserv.api" "$CLOUD_DIR/$1/children"
  load_endpoint "$1"
  has_bgp "$network" || sh "$CLOUD_DIR/fabric" "$network"
}
start_peer() {
  load_endpoint "$1" && charon_spawn || return 1
  ! has_bgp "$network" || { frr_spawn "gw.$1" && wait_for 30 test -S "$CLOUD_DIR/frr.gw.$1/bgpd.vty"; }
  charon_load "$1"
}

# stop_bgp NAME: the session is gone while ESP lives. start_bgp NAME: it may come back.
stop_bgp() { set_bgp "$1" ''; }
start_bgp() { set_bgp "$1" 'no '; }
set_bgp() {
  load_endpoint "$1" &&
    cloud_vtysh "gw.$1" 'configure terminal' "router bgp $local_asn" "${2}neighbor $bgp_peer shutdown"
}

# force_rekey SIDE KIND NAME: SIDE controller or cloud, KIND ike or child. Status 0 once the new SA stands, 1 after 15 s.
force_rekey() {
  local side=$1 kind=$2 name=$3 before option
  before=$(sa_id "$kind" "$name")
  case $side in
    cloud) swan "$name" --rekey "--$kind" "$([ "$kind" = ike ] && echo site || echo net)" >/dev/null ;;
    controller)
      option=--rekey-$kind
      # 4.x names the child's rekey after IPsec.
      if [ "$kind" = child ] && ! ipsec whack --help 2>&1 | grep -q -- --rekey-child; then option=--rekey-ipsec; fi
      ipsec whack --asynchronous --name "$name" "$option" >/dev/null 2>&1 ;;
  esac
  wait_for 15 sa_changed "$kind" "$name" "$before"
}
# The peer's view of the newest installed SA: the IKE initiator's SPI, or the child's inbound SPI.
sa_id() {
  if [ "$1" = ike ]; then
    swan "$2" --list-sas | sed -n 's/^site: #\([0-9]*\), ESTABLISHED.*/\1/p' | sort -n | tail -n1
  else
    swan "$2" --list-sas | sed -n 's/^ *net: #\([0-9]*\),.*INSTALLED.*/\1/p' | sort -n | tail -n1
  fi
}
sa_changed() { local id; id=$(sa_id "$1" "$2"); [ -n "$id" ] && [ "$id" != "$3" ]; }
