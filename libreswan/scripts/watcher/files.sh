# shellcheck shell=sh disable=SC2034,SC2154 # variables are shared with the other parts, many through eval
# Part of kakehashi-routes: its settings and files, read into numbered variables because POSIX sh has no arrays: name_1 … for the
# tunnels, connection_name_1 … for the connections.

is_one_of() { # VALUE CHARACTERS: whether it consists of these alone
  case $1 in '' | *[!$2]*) return 1 ;; esac
}

PROBE_INTERVAL=0.3
PROBE_MISSES=4
HOLD_DOWN=30
POLICY_PATIENCE=20

read_settings() {
  [ -r "$DEFAULTS" ] || return 0
  while IFS='=' read -r key value; do
    case $key in
      PROBE_INTERVAL)
        case $value in
          *[!0-9.]* | *.*.* | *. | .* | 0 | 0.0*) ;;
          ?*) PROBE_INTERVAL=$value && continue ;;
        esac
        ;;
      PROBE_MISSES) is_one_of "$value" '0-9' && [ "$value" -ge 2 ] && PROBE_MISSES=$value && continue ;;
      HOLD_DOWN) is_one_of "$value" '0-9' && HOLD_DOWN=$value && continue ;;
      POLICY_PATIENCE) is_one_of "$value" '0-9' && POLICY_PATIENCE=$value && continue ;;
      '#'* | '') continue ;;
    esac
    say "$DEFAULTS: not understood and left out: $key"
  done <"$DEFAULTS"
}

read_files() {
  for file in "$ETC/controller" "$ETC/tunnels"; do [ -r "$file" ] || die 1 "$file is missing; run install.sh"; done
  asn='' source_ip=- local_prefixes=
  while read -r key value; do
    case $key in asn) asn=$value ;; source_ip) source_ip=$value ;; local_prefixes) local_prefixes=$value ;; esac
  done <"$ETC/controller"
  if ! is_one_of "$asn" '0-9' || ! is_one_of "$source_ip" '0-9.-' || ! is_one_of "$local_prefixes," '0-9./,'; then
    die 1 "$ETC/controller: asn, source_ip or local_prefixes is not as render writes it; render again"
  fi
  tunnels=0 connections=0 interfaces=''
  while read -r name connection _ _ mode routing balance interface if_number _ _ cloud_inside probe _ _ _ remote_prefixes _; do
    case $name in '#'* | '') continue ;; esac
    is_valid_line || die 1 "$ETC/tunnels: tunnel $((tunnels + 1)) is not as render writes it; render again"
    add_tunnel
  done <"$ETC/tunnels"
}

is_valid_line() {
  for word in "$name" "$connection" "$interface"; do is_one_of "$word" 'a-z0-9-' || return 1; done
  for word in "$cloud_inside" "$probe" "$remote_prefixes" "$if_number"; do is_one_of "$word" '0-9./,-' || return 1; done
  case $mode:$routing:$balance in
    route-based:bgp:active-* | route-based:static:active-* | policy-based:static:active-*) ;;
    *) return 1 ;;
  esac
}

add_tunnel() {
  tunnels=$((tunnels + 1))
  c=1
  while [ $c -le "$connections" ]; do
    eval "[ \"\$connection_name_$c\" = \"\$connection\" ]" && break
    c=$((c + 1))
  done
  if [ $c -gt "$connections" ]; then
    connections=$c
    [ "$mode" = route-based ] || routing=policy
    eval "connection_name_$c=\$connection kind_$c=\$routing balance_$c=\$balance remote_prefixes_$c=\$remote_prefixes"
    eval "tunnels_$c='' first_$c=$tunnels chosen_$c='' applied_$c='' last_dead_$c='' switched_$c=0 detour_$c='' due_$c=yes"
  fi
  eval "tunnels_$c=\"\$tunnels_$c $tunnels\""
  i=$tunnels
  interfaces="$interfaces $interface"
  eval "name_$i=\$name connection_$i=$c interface_$i=\$interface if_number_$i=\$if_number cloud_inside_$i=\$cloud_inside probe_$i=\$probe"
  # Verdict a is the inside address's, b the probe's. missing: looks in a row that found no child SA. alive: yes, no or unknown.
  eval "verdict_${i}a=unknown verdict_${i}b=unknown answered_$i=no sa_$i=unknown missing_$i=0 alive_$i=unknown rank_$i=3"
  eval "needs_hold_$i=no healthy_since_$i=0 state_$i=starting since_$i=0 reason_$i='not heard of yet'"
  # Packets that came in by its interface, and when that number last grew.
  eval "died_at_$i=0 came_in_$i='' came_in_at_$i=0"
  eval "pid_${i}a='' pid_${i}b='' heard_${i}a=0 heard_${i}b=0 was_heard_${i}a=no was_heard_${i}b=no"
}

# resume: takes over what the run before knew, so that a reload moves nothing.
resume() {
  [ -r "$RUN/tunnels" ] || return 0
  uptime_seconds
  while read -r old_name old_state old_since old_answered old_reason; do
    i=1
    while [ $i -le "$tunnels" ]; do
      if eval "[ \"\$name_$i\" = \"\$old_name\" ]"; then
        case $old_state in
          up) eval "alive_$i=yes" ;;
          held) eval "alive_$i=yes needs_hold_$i=yes healthy_since_$i=$now last_dead_\$connection_$i=$i" ;;
          down) eval "alive_$i=no needs_hold_$i=yes" ;;
        esac
        eval "answered_$i=\$old_answered state_$i=\$old_state since_$i=\$old_since reason_$i=\$old_reason"
        judge $i
      fi
      i=$((i + 1))
    done
  done <"$RUN/tunnels"
}
