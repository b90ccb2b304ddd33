# shellcheck shell=sh disable=SC2154 # variables are shared with install.sh and the other parts
# Part of install.sh: brings the new files into force, touching only what has changed.

# connection_text TREE NAME: all that a connection's tunnel depends on: its own stanza, the file's stanzas that are no tunnel's,
# and its line of the secrets. Never printed, only compared.
connection_text() {
  others=" $(tunnel_names "$1" | tr '\n' ' ') "
  for file in "$1"/etc/ipsec.d/*.conf; do
    grep -qsE "^conn[[:space:]]+$2[[:space:]]*\$" "$file" || continue
    awk -v name="$2" -v others="$others" '/^conn[ \t]/ { conn = $2 } /^(config|version)[ \t]/ { conn = "" }
      conn != "" && $0 !~ /^[ \t]*(#|$)/ && (conn == name || index(others, " " conn " ") == 0)' "$file"
    address=$(awk -v name="$2" '$1 == name { print $10 }' "$1/etc/kakehashi/tunnels")
    [ ! -f "${file%.conf}.secrets" ] || grep -F " $address : " "${file%.conf}.secrets"
  done
}

# plan_reload: lines `word what` into $WORK/reload, in the order in which they are done.
plan_reload() {
  IS_PLUTO_RUNNING=no
  if systemctl is-active -q ipsec.service; then IS_PLUTO_RUNNING=yes; fi
  : >"$WORK/changed"
  while read -r name; do
    if ! grep -qxF "$name" "$WORK/names.old"; then
      echo "add $name"
    else
      connection_text "$WORK/old" "$name" >"$WORK/text.old"
      connection_text "$WORK/new" "$name" >"$WORK/text.new"
      cmp -s "$WORK/text.old" "$WORK/text.new" || echo "replace $name"
    fi
  done <"$WORK/names.new" >"$WORK/changed"
  rm -f "$WORK/text.old" "$WORK/text.new"
  # The second tunnel first: it is the one that stands by.
  sort -k2,2 -r -o "$WORK/changed" "$WORK/changed"
  {
    [ "$IS_PLUTO_RUNNING" = no ] || grep -vxFf "$WORK/names.new" "$WORK/names.old" | sed 's/^/delete /'
    ! has_change etc/systemd/ || echo 'systemd daemon-reload'
    ! has_change 'etc/(nftables.d/|systemd/system/kakehashi-nftables)' || echo 'nftables the table inet kakehashi'
    ! has_change '(etc/kakehashi/|(usr/local/sbin|etc/systemd/system)/kakehashi-interfaces)' ||
      echo 'interfaces as in etc/kakehashi/tunnels'
    # After the interfaces, for some of it is theirs.
    ! has_change etc/sysctl.d/ || echo 'sysctl 60-kakehashi.conf'
    if [ "$IS_PLUTO_RUNNING" = no ]; then
      [ ! -s "$WORK/names.new" ] || echo 'start Libreswan, with all its connections'
    elif has_change etc/ipsec.conf; then
      echo 'restart Libreswan: its own settings changed, all tunnels come up anew'
    else
      ! has_change 'etc/ipsec.d/.*\.secrets' || echo 'secrets read again'
      cat "$WORK/changed"
    fi
    frr_plan
    ! has_change '(etc/kakehashi/|etc/frr/|usr/local/lib/kakehashi/watcher/|(usr/local/sbin|etc/systemd/system)/kakehashi-routes)' ||
      echo 'watcher reads its files again'
  } >"$WORK/reload"
}

frr_plan() {
  if has_change etc/frr/daemons; then
    echo 'frr restarted: other daemons; its sessions come up anew'
  elif has_change etc/frr/; then
    if [ -e /usr/lib/frr/frr-reload.py ]; then
      echo 'frr reloaded, sessions stay'
    elif [ -f "$WORK/new/etc/frr/frr.conf" ] && is_frr_only_more; then
      echo 'frr takes the added lines, sessions stay'
    else
      echo 'frr restarted: lines are gone and frr-pythontools, which could reload it, is not installed'
    fi
  fi
}

# Whether the new frr.conf has every line of the old one, in its order: reading it in then has the same effect as a restart.
is_frr_only_more() {
  awk 'NR == FNR { old[++n] = $0; next } at < n && $0 == old[at + 1] { at++ } END { exit at < n }' \
    "$WORK/old/etc/frr/frr.conf" "$WORK/new/etc/frr/frr.conf" 2>/dev/null
}

# attempt WHAT COMMAND…
attempt() {
  attempt_what=$1
  shift
  attempt_said=$("$@" 2>&1 9>&-) && return 0
  printf 'install.sh: %s: %s\n' "$attempt_what" "$(printf '%s\n' "${attempt_said:-failed}" | tail -n 2)" >&2
  return 1
}

# Commands of the version that is here: the old ones go with a warning on 5.x.
libreswan() { # replace|up|delete NAME
  case $here:$1 in
    [34].*:replace) ipsec auto --replace "$2" ;;
    [34].*:up) ipsec auto --asynchronous --up "$2" ;;
    [34].*:delete) ipsec auto --delete "$2" ;;
    *:replace) ipsec replace "$2" ;;
    *:up) ipsec up --asynchronous "$2" ;;
    *:delete) ipsec delete "$2" ;;
  esac
}
is_up() { ipsec whack --trafficstatus 2>/dev/null | grep 'type=ESP' | grep -qE "\"$1[\"/]"; }

reload_all() {
  while read -r word what; do
    reload_one "$word" "$what" || return 1
  done <"$WORK/reload"
  enable_units
}

enable_units() {
  units=
  for unit in kakehashi-interfaces kakehashi-nftables kakehashi-routes; do
    [ ! -f "$ROOT/etc/systemd/system/$unit.service" ] || units="$units $unit.service"
  done
  [ -n "$units" ] || return 0
  units="$units ipsec.service"
  [ ! -f "$WORK/new/etc/frr/frr.conf" ] || units="$units frr.service"
  # Only those that are not yet: a unit with an old init script beside it (Debian's frr) takes seconds each time.
  asleep=
  for unit in $units; do systemctl is-enabled -q "$unit" 2>/dev/null || asleep="$asleep $unit"; done
  [ -n "$asleep" ] || return 0
  # shellcheck disable=SC2086 # a list
  attempt 'enabling the units' systemctl enable -q $asleep
}

# stop_gone_units: while systemd still knows how.
stop_gone_units() {
  while read -r word path; do
    case $word:$path in
      remove:etc/systemd/system/kakehashi-*.service | remove:etc/systemd/system/kakehashi-*.timer)
        systemctl disable -q --now "${path##*/}" 9>&- 2>/dev/null
        ;;
    esac
  done <"$WORK/plan"
}

reload_one() {
  case $1 in add | replace | delete) echo "$2" >>"$WORK/touched" ;; esac
  case $1 in
    delete) attempt "$2" libreswan delete "$2" ;;
    systemd) attempt systemd systemctl daemon-reload ;;
    sysctl) for file in "$ROOT"/etc/sysctl.d/*kakehashi*.conf; do [ ! -f "$file" ] || attempt sysctl sysctl -e -q -p "$file"; done ;;
    nftables) reload_unit kakehashi-nftables.service ;;
    interfaces) reload_unit kakehashi-interfaces.service ;;
    start | restart) attempt Libreswan systemctl restart ipsec.service ;;
    secrets) attempt secrets ipsec whack --rereadsecrets ;;
    add | replace) replace_tunnel "$2" ;;
    frr)
      case $2 in
        restarted*) attempt FRR systemctl restart frr.service ;;
        reloaded*) attempt FRR systemctl reload frr.service ;;
        takes*) attempt FRR vtysh -b ;;
      esac
      ;;
    watcher) reload_unit kakehashi-routes.service ;;
  esac
}

# reload_unit UNIT: if it still is there.
reload_unit() {
  [ ! -f "$ROOT/etc/systemd/system/$1" ] || attempt "$1" systemctl reload-or-restart "$1"
}

# replace_tunnel NAME: traffic goes to the other tunnel first; a tunnel that was up must come up again before the next one is touched.
replace_tunnel() {
  was_up=no
  if is_up "$1"; then was_up=yes; fi
  is_drained=no
  if [ $was_up = yes ] && kakehashi-routes maintenance "$1" on >/dev/null 2>&1 9>&-; then is_drained=yes; fi
  is_replaced=no
  if attempt "$1" libreswan replace "$1" && attempt "$1" libreswan up "$1"; then
    if [ $was_up = no ] || wait_until_up "$1"; then is_replaced=yes; fi
  fi
  if [ $is_drained = yes ]; then
    kakehashi-routes maintenance "$1" off >/dev/null 2>&1 9>&-
    wait_until_used "$1"
  fi
  [ $is_replaced = yes ]
}

# wait_until_used NAME: by the watcher, so that the next one can be drained onto it. No longer than that is worth.
wait_until_used() {
  tries=0
  while [ $tries -lt 20 ] && [ -f "$ROOT/run/kakehashi/tunnels" ] && ! grep -qE "^$1 (up|held|standby) " "$ROOT/run/kakehashi/tunnels"; do
    tries=$((tries + 1))
    sleep 0.5
  done
}

wait_until_up() {
  tries=0
  until is_up "$1"; do
    tries=$((tries + 1))
    if [ $tries -gt $((WAIT_SECONDS * 2)) ]; then
      echo "install.sh: $1 was up and did not come up again in $WAIT_SECONDS s with the new settings" >&2
      return 1
    fi
    sleep 0.5
  done
}

# reload_back: after the files were put back; as much of it as works.
reload_back() {
  mv "$WORK/new" "$WORK/failed" && mv "$WORK/old" "$WORK/new" && mv "$WORK/failed" "$WORK/old"
  mv "$WORK/names.new" "$WORK/names.failed" && mv "$WORK/names.old" "$WORK/names.new" && mv "$WORK/names.failed" "$WORK/names.old"
  WAIT_SECONDS=0
  plan_reload
  cp "$WORK/touched" "$WORK/touched.before" 2>/dev/null || : >"$WORK/touched.before"
  back_status=0
  while read -r word what; do
    # A connection that was not reloaded yet still is what it was.
    case $word in add | replace | delete) grep -qxF "$what" "$WORK/touched.before" || continue ;; esac
    reload_one "$word" "$what" || back_status=1
  done <"$WORK/reload"
  return $back_status
}
