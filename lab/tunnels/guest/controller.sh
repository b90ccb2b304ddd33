# Asking the controller, which runs in the guest's root namespace with Debian's own units.
# shellcheck shell=bash disable=SC2154

# controller_install TREE: drops a generated tree into the VM as it is and runs its install.sh.
controller_install() { cp -a "$1" /root/kakehashi && (cd /root/kakehashi && sh ./install.sh); }

child_up() { ipsec whack --trafficstatus 2>/dev/null | grep -q "\"$1\".*type=ESP"; }
children_up() { [ "$(ipsec whack --trafficstatus 2>/dev/null | grep -c 'type=ESP')" -ge "$1" ]; }
bgp_up() { vtysh -c "show bgp neighbors $1 json" 2>/dev/null | grep -q '"bgpState":"Established"'; }
# route_count PREFIX: next hops the controller has for it.
route_count() { ip route show "$1" | grep -cE "^[0-9].* dev |nexthop"; }
# cloud_has_route NETWORK PREFIX: whether the cloud's host knows the way back.
cloud_has_route() { in_ns "host.$1" ip route show "$2" | grep -q .; }
