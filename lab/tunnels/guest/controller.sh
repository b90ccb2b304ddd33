# Asking the controller, which runs in the guest's root namespace with Debian's own units.
# shellcheck shell=bash disable=SC2154

# controller_install TREE: drops a generated tree into the VM as it is and runs its install.sh.
controller_install() { cp -a "$1" /root/kakehashi && (cd /root/kakehashi && sh ./install.sh); }

whack() { /usr/libexec/ipsec/whack "$@" 2>/dev/null; }   # `ipsec` is a script around it
child_up() { [[ $(whack --trafficstatus) =~ \"$1\"[^$'\n']*type=ESP ]]; }
children_up() { [ "$(whack --trafficstatus | grep -c 'type=ESP')" -ge "$1" ]; }
bgp_up() { vtysh -c "show bgp neighbors $1 json" 2>/dev/null | grep -q '"bgpState":"Established"'; }
# bgp_peers_up: the neighbours whose session stands, between spaces; vtysh takes a second here, so one call for all.
bgp_peers_up() { vtysh -c 'show bgp ipv4 unicast summary json' 2>/dev/null | jq -r '[.peers // {} | to_entries[] | select(.value.state == "Established") | .key] | " \(join(" ")) "'; }
# route_count PREFIX: next hops the controller has for it.
route_count() { ip route show "$1" | grep -cE "^[0-9].* dev |nexthop"; }
# cloud_has_route NETWORK PREFIX: whether the cloud's host knows the way back.
cloud_has_route() { in_ns "host.$1" ip route show "$2" | grep -q .; }
