#!/bin/bash
# Runs in namespaces of its own, made by frr-lab.ts; TUNNEL_1 and TUNNEL_2 hold: interface, both inside addresses, tunnel's name.
# shellcheck disable=SC2086 # the two are meant to be split
set -- $TUNNEL_1 $TUNNEL_2
PEER1=$3 PEER2=$7 NAME2=$8
mount -t tmpfs tmpfs /var/run; mkdir -p /var/run/netns /var/run/frr; chmod 777 /var/run/frr
ip link set lo up
ip link add lan type veth peer name lanp; ip addr add 10.0.2.15/24 dev lan; ip link set lan up; ip link set lanp up
ip route add default via 10.0.2.1
ip route add unreachable "$NETWORK" metric 4278198272
wire() { # namespace interface local peer
  ip netns add "$1"; ip link add "$2" type veth peer name p0 netns "$1"
  ip addr add "$3" peer "$4/32" dev "$2" scope link; ip link set "$2" up
  ip -n "$1" addr add "$4" peer "$3/32" dev p0; ip -n "$1" link set p0 up; ip -n "$1" link set lo up
}
start() { # name command-prefix...; the configuration is on stdin
  n=$1; shift; d=/var/run/frr/$n; mkdir -p $d; cat > $d/frr.conf; chmod -R 777 $d
  for daemon in zebra bgpd; do
    "$@" /usr/lib/frr/$daemon -d -N "$n" -i $d/$daemon.pid -z $d/zserv.api --vty_socket $d -u frr -g frr -A 127.0.0.1 >/dev/null 2>&1
  done
  vtysh --vty_socket $d -f $d/frr.conf 2>&1 | grep -v 'reset all peers to take effect' | sed 's/^/said: /'
}
ask() { n=$1; shift; a=(); for c in "$@"; do a+=(-c "$c"); done; vtysh --vty_socket /var/run/frr/$n "${a[@]}" 2>&1; }
cloud() { cat <<CONF
frr defaults traditional
router bgp $CLOUD_ASN
 bgp router-id 192.0.2.$2
 no bgp ebgp-requires-policy
 no bgp network import-check
 neighbor $1 remote-as $ASN
 neighbor $1 passive
 address-family ipv4 unicast
  network $NETWORK
  network 198.18.0.0/15
 exit-address-family
CONF
}
wire c1 $1 $2 $3; wire c2 $5 $6 $7
cloud $2 1 | start c1 ip netns exec c1
cloud $6 2 | start c2 ip netns exec c2
echo "== start"
start op env < "$FOLDER/frr.conf"
until_seen() { for _ in $(seq 150); do "$@" && return; sleep 0.1; done; echo "never: $*"; }
is_up() { ask op 'show bgp ipv4 unicast summary json' | grep -c '"state":"Established"' | grep -qx 2; }
learnt() { ask "$1" 'show bgp ipv4 unicast' | sed -nE 's/^ ?\*>? +([0-9.]+\/[0-9]+) +169\.254\S+ +(.*) i$/\1 \2/p' | tr -s ' ' | grep -v '^$' | sort; }
goes_by() { ip route get "$DESTINATION" 2>&1 | grep -q "dev $1 "; }
has_half() { ask c2 'show bgp ipv4 unicast' | grep -q 10.0.2.128/25; }
has_no_half() { ! has_half; }
look() {
  echo "== $1: way"; ip route get "$DESTINATION" 2>&1 | head -1 | sed 's/ uid .*//'
  echo "== $1: cloud 1"; learnt c1; echo "== $1: cloud 2"; learnt c2
  echo "== $1: received"; ip route show proto bgp | sed 's/ nhid [0-9]*//'
}
tell() { ask op 'configure terminal' "router bgp $ASN" "$@"; }
until_seen is_up; until_seen goes_by $1; sleep 0.5
look both
tell "neighbor $PEER1 shutdown" 'address-family ipv4 unicast' "neighbor $PEER2 route-map kk-$NAME2-takeover out"
until_seen has_half; until_seen goes_by $5
look dead
tell "no neighbor $PEER1 shutdown" 'address-family ipv4 unicast' "neighbor $PEER2 route-map kk-$NAME2-out out"
until_seen is_up; until_seen goes_by $1; until_seen has_no_half
look back
tell "neighbor $PEER1 shutdown" "neighbor $PEER2 shutdown"; sleep 1
look none
