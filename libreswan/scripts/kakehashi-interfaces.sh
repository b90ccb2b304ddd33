#!/bin/sh
# kakehashi-interfaces up|down|check: the tunnels' interfaces, the routes that keep the clouds' prefixes out of the clear, and the way by
# which a tunnel's probe leaves.
#
#   up     makes what is missing, corrects what differs, removes what /etc/kakehashi/tunnels no longer names; safe to repeat
#   down   removes all of it
#   check  says what `up` would do, one line each, and changes nothing
#
# Exit: 0 as it should be, 1 the tunnels file or (check) the machine differs, 2 the kernel or ip(8) refused.
#
# Interfaces are made here, before pluto starts, because they then outlive a restart of pluto and FRR has its addresses from boot.
# Ours carry the alias `kakehashi TUNNEL`; an interface without it is never removed. VTIs (Libreswan before 4.0) are made here
# too: pluto's updown takes one that it finds.
set -u
export LC_ALL=C

ETC=${KAKEHASHI_ETC:-/etc/kakehashi} # another place only in tests
PROC=/proc/sys/net

# No routing daemon's number (186, say, is BGP's: zebra would sweep the routes away): see /etc/iproute2/rt_protos.
ROUTE_PROTO=107
# The high byte is the administrative distance that FRR reads from a kernel route: 255, so every BGP route is better.
# https://docs.frrouting.org/en/latest/zebra.html#administrative-distance
LAST_METRIC=4278198272
# A packet with the mark PROBE_MARK + if_number takes that tunnel to its probe, whatever carries: see ensure_probe. The table has the
# same number.
PROBE_MARK=$((0x6b000000))
PROBE_PREFERENCE=10700

MODE=${1:-}
STATUS=0
WANTED=' '
UNREACHABLE=' '
PROBED=' '

say() { echo "kakehashi-interfaces: $*" >&2; }
fail() { say "$2"; [ "$STATUS" -ge "$1" ] || STATUS=$1; }

# change WHAT COMMAND…: does it, or in `check` only says so.
change() {
  change_what=$1
  shift
  if [ "$MODE" = check ]; then
    fail 1 "$change_what"
    return 0
  fi
  if change_error=$("$@" 2>&1); then
    say "$change_what"
  else
    fail 2 "$change_what: ${change_error:-failed}"
    return 1
  fi
}

# change_setting FILE VALUE
change_setting() {
  [ -e "$1" ] || return 0
  read -r setting_now <"$1"
  [ "$setting_now" = "$2" ] || change "$interface: ${1##*/} $setting_now, wanted $2" write_setting "$1" "$2"
}
# shellcheck disable=SC2317 # called through change
write_setting() { echo "$2" >"$1"; }

is_one_of() { # VALUE CHARACTERS: whether it consists of these alone
  case $1 in '' | *[!$2]*) return 1 ;; esac
}

is_valid_line() {
  is_one_of "$name" 'a-z0-9-' || return 1
  case $mode in
    policy-based) return 0 ;;
    route-based) ;;
    *) return 1 ;;
  esac
  case $interface in
    ipsec[0-9]* | vti[0-9]*) [ ${#interface} -le 15 ] && is_one_of "$interface" 'a-z0-9' || return 1 ;;
    *) return 1 ;;
  esac
  is_one_of "$if_number" '0-9' && is_one_of "$mtu" '0-9' && is_one_of "$cloud_address" '0-9.' &&
    is_one_of "$controller_inside" '0-9.' && is_one_of "$cloud_inside" '0-9.' && is_one_of "$remote_prefixes" '0-9./,' &&
    is_one_of "$probe" '0-9.-'
}

ensure_link() {
  link=$(ip -d -o link show dev "$interface" 2>/dev/null)
  case $interface in
    ipsec*)
      # `dev lo`: Libreswan 5.2 refuses an interface with no link, and lo never changes its name or goes away.
      kind="xfrm if_id 0x$(printf %x "$if_number")"
      set -- type xfrm dev lo if_id "$if_number"
      ;;
    *)
      key="0.0.$((if_number / 256)).$((if_number % 256))"
      kind="vti remote $cloud_address local $private_ip .*ikey $key okey $key"
      set -- type vti local "$private_ip" remote "$cloud_address" key "$if_number"
      ;;
  esac
  if [ -n "$link" ] && { ! echo "$link" | grep -q " $kind " || echo "$link" | grep -q "$interface@NONE: .* xfrm "; }; then
    case $link in
      *"alias kakehashi "*) ;;
      *)
        fail 1 "$interface: exists, is not what $name needs and was not made here; rename or remove it"
        return 1
        ;;
    esac
    change "$interface: remove, its kind or number differs" ip link del dev "$interface" || return 1
    link=
  fi
  if [ -z "$link" ]; then
    change "$interface: add for $name" ip link add "$interface" "$@" || return 1
    [ "$MODE" != check ] || return 1
    link=$(ip -d -o link show dev "$interface")
  fi
  case $link in
    *"alias kakehashi $name"*) ;;
    *) change "$interface: belongs to $name" ip link set dev "$interface" alias "kakehashi $name" ;;
  esac
}

ensure_settings() {
  change_setting "$PROC/ipv6/conf/$interface/disable_ipv6" 1
  # Loose: an answer may come back by the other tunnel.
  change_setting "$PROC/ipv4/conf/$interface/rp_filter" 2
  case $interface in vti*) change_setting "$PROC/ipv4/conf/$interface/disable_policy" 1 ;; esac
  case $link in
    *" mtu $mtu "*) ;;
    *) change "$interface: mtu $mtu" ip link set dev "$interface" mtu "$mtu" ;;
  esac
}

# Scope link: the kernel then never takes the inside address as the source of other traffic.
ensure_address() {
  address="$controller_inside peer $cloud_inside/32"
  has_address=no
  others=
  while read -r _ _ family local_address word peer rest; do
    [ "$family" = inet ] || continue
    case "$local_address $word $peer $rest" in
      "$address scope link "*) has_address=yes ;;
      *" peer "*) others="$others $local_address/peer/$peer" ;;
      *) others="$others $local_address" ;;
    esac
  done <<EOF
$(ip -4 -o address show dev "$interface")
EOF
  case " $others " in
    # The same pair with another scope: the kernel takes no second one.
    *" $controller_inside/peer/$cloud_inside/32 "*)
      change "$interface: address $address, its scope differs" ip address del "$controller_inside" peer "$cloud_inside/32" dev "$interface"
      ;;
  esac
  # First the new, then the others away: without any address the kernel drops the interface's routes.
  [ $has_address = yes ] || change "$interface: address $address" \
    ip address add "$controller_inside" peer "$cloud_inside/32" scope link dev "$interface"
  for other in $others; do
    case $other in
      "$controller_inside/peer/$cloud_inside/32") ;;
      */peer/*) change "$interface: not ${other%%/*}" ip address del "${other%%/*}" peer "${other#*/peer/}" dev "$interface" ;;
      *) change "$interface: not $other" ip address del "$other" dev "$interface" ;;
    esac
  done
}

ensure_interface() {
  WANTED="$WANTED$interface "
  ensure_link || return 0
  ensure_settings
  ensure_address
  case $link in
    *"<UP,"* | *"<"*",UP,"* | *"<"*",UP>"* | *"<UP>"*) ;;
    *) change "$interface: up" ip link set dev "$interface" up ;;
  esac
  [ "$probe" = - ] || ensure_probe
}

# The probe leaves by this tunnel and its answer may come by either. A ping bound to the interface would not hear it where the cloud answers
# by the other one, as Azure does without BGP.
ensure_probe() {
  mark=$((PROBE_MARK + if_number))
  PROBED="$PROBED$mark "
  # As in kakehashi-routes: the inside address is no source.
  case $source_ip in
    -) set -- scope global ;;
    *) set -- scope link src "$source_ip" ;;
  esac
  probe_route="$probe dev $interface proto $ROUTE_PROTO"
  # ip(8) doesn't print the scope global.
  case $(ip -4 route show table "$mark" 2>/dev/null) in
    "$probe_route" | "$probe_route ") [ "$source_ip" = - ] || probe_route= ;;
    "$probe_route $*" | "$probe_route $* ") ;;
    *) probe_route= ;;
  esac
  if [ -z "$probe_route" ]; then
    [ "$MODE" = check ] || ip -4 route flush table "$mark" 2>/dev/null
    change "$interface: the way to the probe $probe" ip route replace "$probe" dev "$interface" proto "$ROUTE_PROTO" table "$mark" "$@"
  fi
  case $(probe_rules) in
    *" $mark "*) ;;
    *)
      change "$interface: the rule for its probe" \
        ip -4 rule add fwmark "$mark" lookup "$mark" preference "$PROBE_PREFERENCE" protocol "$ROUTE_PROTO"
      ;;
  esac
}

# probe_rules: the tables that our rules name, between spaces.
probe_rules() {
  ip -4 rule show | {
    printf ' '
    while read -r preference _ _ _ _ _ table _; do
      [ "$preference" != "$PROBE_PREFERENCE:" ] || printf '%s ' "$table"
    done
  }
}

# While no tunnel carries a prefix, its packets are refused here instead of following the default route in clear.
ensure_unreachable() {
  rest=$remote_prefixes,
  while [ -n "$rest" ]; do
    prefix=${rest%%,*}
    rest=${rest#*,}
    case $UNREACHABLE in *" $prefix "*) continue ;; esac
    UNREACHABLE="$UNREACHABLE$prefix "
    case $routes in *" ${prefix%/32} "*) continue ;; esac
    change "$prefix: unreachable without a tunnel" ip route replace unreachable "$prefix" proto "$ROUTE_PROTO" metric "$LAST_METRIC"
  done
}

# unreachable_prefixes: as ip(8) prints them, between spaces.
unreachable_prefixes() {
  ip -4 route show type unreachable proto "$ROUTE_PROTO" | {
    printf ' '
    while read -r _ prefix _; do printf '%s ' "$prefix"; done
  }
}

remove_stale() {
  for alias_file in /sys/class/net/*/ifalias; do
    read -r owner <"$alias_file" 2>/dev/null || continue
    case $owner in "kakehashi "*) ;; *) continue ;; esac
    stale=${alias_file%/ifalias}
    stale=${stale##*/}
    case $WANTED in *" $stale "*) continue ;; esac
    change "$stale: remove, ${owner#kakehashi } is gone" ip link del dev "$stale"
  done
  for mark in $(probe_rules); do
    case $PROBED in *" $mark "*) continue ;; esac
    change "rule for probe $mark: remove, no tunnel needs it" ip -4 rule del fwmark "$mark" lookup "$mark" preference "$PROBE_PREFERENCE"
    [ "$MODE" = check ] || ip -4 route flush table "$mark" 2>/dev/null
  done
  for prefix in $(unreachable_prefixes); do
    case $UNREACHABLE in *" $prefix "* | *" $prefix/32 "*) continue ;; esac
    change "$prefix: no longer unreachable" ip route del unreachable "$prefix" proto "$ROUTE_PROTO" metric "$LAST_METRIC"
  done
}

ensure_all() {
  private_ip='' source_ip=-
  while read -r key value; do
    case $key in private_ip) private_ip=$value ;; source_ip) source_ip=$value ;; esac
  done <"$ETC/controller"
  routes=$(unreachable_prefixes)
  number=0
  while read -r name _ _ _ mode _ _ interface if_number cloud_address controller_inside cloud_inside probe mtu _ _ remote_prefixes _; do
    number=$((number + 1))
    case $name in '#'* | '') continue ;; esac
    if ! is_valid_line; then
      fail 1 "$ETC/tunnels: line $number is not as render writes it; render again"
      continue
    fi
    [ "$mode" = route-based ] || continue
    ensure_unreachable
    ensure_interface
  done <"$ETC/tunnels"
}

case $MODE in
  up | check)
    if [ ! -r "$ETC/tunnels" ] || [ ! -r "$ETC/controller" ]; then
      say "$ETC/tunnels or $ETC/controller is missing; run install.sh"
      exit 1
    fi
    ensure_all
    # A line that cannot be read may be one of the tunnels that would look stale.
    if [ "$MODE" = check ] || [ "$STATUS" != 1 ]; then remove_stale; fi
    ;;
  down) remove_stale ;;
  *)
    echo "usage: kakehashi-interfaces up|down|check" >&2
    exit 1
    ;;
esac
exit "$STATUS"
