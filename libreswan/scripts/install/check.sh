# shellcheck shell=sh disable=SC2154 # variables are shared with install.sh and the other parts
# Part of install.sh: everything that is asked before anything is touched.

check_programs() {
  lacking=
  need() { command -v "$1" >/dev/null 2>&1 || lacking="$lacking $2"; }
  need ipsec libreswan
  need nft nftables
  need ping iputils-ping
  need ip iproute2
  need sysctl procps
  if [ -f "$TREE/etc/frr/frr.conf" ]; then need vtysh 'frr frr-pythontools'; fi
  [ -z "$lacking" ] || die 1 "packages are missing: apt-get install -y --no-install-recommends$lacking"
  rendered=$(value_of libreswan "$TREE/etc/kakehashi/controller")
  here=$(ipsec --version 2>/dev/null | grep -oE '[0-9]+\.[0-9]+' | head -n 1)
  where="site $(value_of site "$TREE/etc/kakehashi/controller"), controller $(value_of controller "$TREE/etc/kakehashi/controller")"
  row kakehashi '' "$where, Libreswan ${here:-?} here, $rendered in the tree"
  # Within a major version the checks below decide; from one to the next the same words mean other things.
  [ "${here%%.*}" = "${rendered%%.*}" ] ||
    die 1 "the tree is for Libreswan $rendered, this machine has ${here:-none}:" \
      "set the controller's libreswan: \"$here\" in the site file and render again"
}

check_new() {
  check_connections
  check_proposals
  # What was in force before the last run may be another's, with words of its own for it.
  [ "$ACTION" = install ] || return 0
  check_frr
  check_firewall
  for path in "$WORK"/new/usr/local/sbin/* "$WORK"/new/usr/local/lib/kakehashi/*.sh "$WORK"/new/usr/local/lib/kakehashi/*/*.sh; do
    [ ! -f "$path" ] || sh -n "$path" 2>/dev/null || die 1 'a script of the tree is damaged; copy the tree again'
  done
}

# silent WHAT COMMAND…: programs here exit 0 with a complaint on the screen, so any output is a failure.
silent() {
  silent_what=$1
  shift
  if ! silent_said=$("$@" 2>&1) || [ -n "$silent_said" ]; then
    die 1 "$silent_what: $(printf '%s\n' "${silent_said:-refused}" | head -n 5 | sed "s|$WORK/[a-z.]*||g"); nothing was changed"
  fi
}

# check_connections: ours alone without a word, then with the machine's others, to which nothing may be new.
check_connections() {
  ours=$WORK/check.ours
  all=$WORK/check.all
  mkdir -p "$ours" "$all" "$WORK/check.before"
  echo 'config setup' >"$ours/ipsec.conf"
  for file in "$WORK"/new/etc/ipsec.d/*.conf; do
    [ -f "$file" ] || continue
    echo "include $file" >>"$ours/ipsec.conf"
    check_keys "$file"
  done
  silent 'the connections do not load' ipsec addconn --config "$ours/ipsec.conf" --checkconfig
  check_names

  gather "$WORK/old" "$WORK/check.before"
  gather "$WORK/new" "$all"
  [ -f "$all/ipsec.conf" ] || die 1 'there is no /etc/ipsec.conf'
  before_said=$(ipsec addconn --config "$WORK/check.before/ipsec.conf" --checkconfig 2>&1)
  all_said=$(ipsec addconn --config "$all/ipsec.conf" --checkconfig 2>&1)
  all_code=$?
  fresh=$(printf '%s\n' "$all_said" | sed 's|/[^ ]*/||g' | while read -r line; do
    printf '%s\n' "$before_said" | sed 's|/[^ ]*/||g' | grep -qxF "$line" || printf '%s\n' "$line"
  done)
  if [ $all_code -ne 0 ] || [ -n "$fresh" ]; then
    fresh=$(printf '%s\n' "${fresh:-$all_said}" | head -n 3 | sed "s|$WORK/[a-z.]*||g")
    die 1 "together with this machine's other connections: $fresh; nothing was changed"
  fi
  grep -qsE '^[[:space:]]*include[[:space:]]+"?/etc/ipsec\.d/\*\.secrets' "$ROOT/etc/ipsec.secrets" ||
    die 1 '/etc/ipsec.secrets does not include the tunnels keys; add to its end: include /etc/ipsec.d/*.secrets'
  row checks ok "ipsec addconn --checkconfig, $(grep -c . "$WORK/names.new") connections"
}

# gather FROM TO: what /etc/ipsec.conf and its folder would be, with its includes led to the copies.
gather() {
  mkdir -p "$2/ipsec.d"
  for file in "$ROOT"/etc/ipsec.d/*.conf; do
    path=etc/ipsec.d/${file##*/}
    [ ! -f "$file" ] || grep -qxF "$path" "$WORK/paths" || cp "$file" "$2/ipsec.d/"
  done
  for file in "$1"/etc/ipsec.d/*.conf; do [ ! -f "$file" ] || cp "$file" "$2/ipsec.d/"; done
  for file in "$1/etc/ipsec.conf" "$ROOT/etc/ipsec.conf"; do
    [ -f "$file" ] || continue
    sed "/^[[:space:]]*include/s|/etc/ipsec\.d/|$2/ipsec.d/|" "$file" >"$2/ipsec.conf"
    break
  done
}

# A key twice in one connection: Libreswan 4.10 says nothing and does not load it.
check_keys() {
  twice=$(awk '/^conn[ \t]/ { conn = $2; split("", seen) }
    /^[ \t]+[a-z]/ {
      key = $0
      sub(/^[ \t]+/, "", key)
      sub(/[ \t]*=.*/, "", key)
      if (key != "also" && seen[key]++) print conn ": " key "="
    }' "$1" | head -n 1)
  [ -z "$twice" ] || die 1 "${1##*/}: $twice stands there twice; nothing was changed"
}

# tunnel_names TREE: from its tunnels file.
tunnel_names() {
  [ ! -f "$1/etc/kakehashi/tunnels" ] || while read -r name _; do
    case $name in '#'* | '') ;; *) printf '%s\n' "$name" ;; esac
  done <"$1/etc/kakehashi/tunnels"
}

# Each tunnel has one connection, and no file of others has one of that name.
check_names() {
  while read -r name; do
    case $name in *[!a-z0-9-]*) die 1 'etc/kakehashi/tunnels: a name is not as render writes it; render again' ;; esac
    count=$(cat "$WORK"/new/etc/ipsec.d/*.conf | grep -cE "^conn[[:space:]]+${name}[[:space:]]*\$")
    [ "$count" = 1 ] || die 1 "connection $name is there $count times in the tree; render again"
    for file in "$ROOT"/etc/ipsec.conf "$ROOT"/etc/ipsec.d/*.conf; do
      [ -f "$file" ] || continue
      grep -qxF "${file#"$ROOT"/}" "$WORK/paths" && [ "$file" != "$ROOT/etc/ipsec.conf" ] && continue
      ! grep -qE "^conn[[:space:]]+${name}[[:space:]]*\$" "$file" ||
        die 1 "${file#"$ROOT"} has a connection $name already; rename one of the two"
    done
  done <"$WORK/names.new"
}

check_proposals() {
  cat "$WORK"/new/etc/ipsec.d/*.conf 2>/dev/null | grep -oE '^[[:space:]]+(ike|esp|phase2alg)[[:space:]]*=.*' |
    tr -d ' \t' | sed 's/^phase2alg=/esp=/' | sort -u >"$WORK/proposals"
  while read -r proposal; do
    # Refused with a non-zero exit; it prints what it understood in any case.
    proposal_said=$(ipsec algparse -v2 -pfs=yes "$proposal" 2>&1) ||
      die 1 "$proposal: $(printf '%s\n' "$proposal_said" | tail -n 1 | sed 's/^[[:space:]]*//'); nothing was changed"
  done <"$WORK/proposals"
  row checks ok "ipsec algparse, $(grep -c . "$WORK/proposals") proposals"
}

check_frr() {
  [ -f "$WORK/new/etc/frr/frr.conf" ] || return 0
  frr_said=$(vtysh -C -f "$WORK/new/etc/frr/frr.conf" 2>&1)
  frr_code=$?
  # The one line that is no fault: bgpd's reminder that graceful restart needs a new session.
  frr_said=$(printf '%s\n' "$frr_said" | grep -v '^Graceful restart configuration changed' | sed '/^[[:space:]]*$/d')
  if [ $frr_code -ne 0 ] || [ -n "$frr_said" ]; then
    die 1 "frr.conf: $(printf '%s\n' "$frr_said" | head -n 3); nothing was changed"
  fi
  row checks ok 'vtysh -C'
}

check_firewall() {
  for file in "$WORK"/new/etc/nftables.d/*.nft; do
    [ -f "$file" ] || continue
    silent 'nftables' nft -c -f "$file"
    row checks ok 'nft -c'
  done
}
