# shellcheck shell=sh disable=SC2034,SC2154 # variables are shared with the other parts, many through eval
# Part of kakehashi-routes: brings routes, FRR and Libreswan to what was decided, and says so.

tell() { news="$news$*
"; }
complain() { # once, not at every try
  [ "$complaint" = "$*" ] || say "$*"
  complaint=$*
}

# act CONNECTION: brings the machine to what `choose` says, and remembers it only if that worked.
act() {
  choose "$1"
  eval "kind=\$kind_$1 connection=\$connection_name_$1 applied=\$applied_$1"
  case $kind in
    policy) act_policy "$1" ;;
    *)
      case $kind in static) wanted=$carrying ;; bgp) wanted=dead:$dead ;; esac
      eval "chosen_$1=$chosen"
      if [ "$wanted" != "$applied" ] && ! "act_$kind" "$1"; then
        eval "applied_$1="
        return
      fi
      complaint=
      eval "applied_$1=\$wanted"
      ;;
  esac
  call_drained "$1"
}

# call_drained CONNECTION: the tunnels in maintenance that carry nothing any more.
call_drained() {
  eval "chosen=\$chosen_$1"
  for i in $members; do
    eval "state=\$state_$i name=\$name_$i rank=\$rank_$i"
    if [ "$state" = drained ] || [ "$i" = "$chosen" ] || [ ! -e "$RUN/maintenance/$name" ]; then continue; fi
    # A tunnel that was marked after it was judged: the next time.
    case $rank in 5 | 6) continue ;; esac
    eval "state_$i=drained since_$i=\$(date +%s)"
    is_report_due=yes
    tell "$name: $state -> drained (maintenance)"
  done
}

act_static() {
  hops='' list=''
  for i in $carrying; do
    eval "interface=\$interface_$i list=\"\${list:+\$list and }\$name_$i\""
    hops="$hops nexthop dev $interface weight 1"
  done
  case $carrying in *' '*) ;; *) hops=" dev $interface" ;; esac
  error=$(replace_routes "$1" "$hops" | ip -4 -force -batch - 2>&1) || { complain "$connection: routes: $error"; return 1; }
  has_moved=yes
  tell "$connection: traffic on $list"
}

# replace_routes CONNECTION WORDS: for ip -batch, one line for each prefix of the cloud.
replace_routes() {
  eval "rest=\$remote_prefixes_$1,"
  # Without a source of its own the route must not take the inside address, which nothing in the cloud can answer: hence the scope.
  case $source_ip in -) source='scope global' ;; *) source="src $source_ip" ;; esac
  while [ -n "$rest" ]; do
    echo "route replace ${rest%%,*} proto $ROUTE_PROTO $source $2"
    rest=${rest#*,}
  done
}

# start_detour CONNECTION: the kernel sends by the healthy tunnel at once, past FRR's routes; what the cloud sends waits for FRR. A table of its
# own, of which FRR knows nothing.
start_detour() {
  eval "by=\$interface_$chosen detour=\$detour_$1"
  [ "$detour" != "$by" ] || return 0
  table=$((DETOUR_TABLE + $1))
  [ -z "$detour" ] || end_detour $table
  if error=$({
    replace_routes "$1" "dev $by table $table"
    echo "rule add lookup $table preference $DETOUR_PREFERENCE protocol $ROUTE_PROTO"
  } | ip -4 -batch - 2>&1); then
    eval "detour_$1=$by"
    has_moved=yes
  else
    complain "$connection: detour: $error"
  fi
}

end_detour() { # TABLE
  printf '%s\n' "rule del lookup $1 preference $DETOUR_PREFERENCE protocol $ROUTE_PROTO" "route flush table $1" |
    ip -4 -force -batch - >/dev/null 2>&1
  has_moved=yes
}

# end_all_detours: those of a run before, too.
end_all_detours() {
  ip -4 rule show preference "$DETOUR_PREFERENCE" | while read -r _ _ _ _ table _; do end_detour "$table"; done
}

# end_detour_if_done CONNECTION: once FRR's own routes lead where the detour does.
end_detour_if_done() {
  eval "detour=\$detour_$1 applied=\$applied_$1 dead=\$last_dead_$1"
  if [ -z "$detour" ] || [ -z "$applied" ]; then return; fi
  if [ -n "$dead" ]; then
    eval "interface=\$interface_$dead"
    case $(ip -4 route show proto bgp) in
      *" dev $interface "*) return ;;
      *" dev $detour "*) ;;
      *) return ;;
    esac
  fi
  end_detour $((DETOUR_TABLE + $1))
  eval "detour_$1="
}

# tell_frr LINES: to the running bgpd alone; its file always says that every neighbour is in use.
tell_frr() {
  set --
  while read -r line; do
    [ -z "$line" ] || set -- "$@" -c "$line"
  done <<EOF
configure terminal
router bgp $asn
$neighbor_lines
address-family ipv4 unicast
$map_lines
EOF
  answer=$(timeout 10 vtysh "$@" 2>&1 </dev/null) && case $answer in *'% '* | *nknown*) return 1 ;; esac
}

# frr_lines CONNECTION DEAD: the whole state, of which FRR leaves alone what it has already.
frr_lines() {
  eval "members=\$tunnels_$1"
  for i in $members; do
    eval "peer=\$cloud_inside_$i name=\$name_$i"
    no='no ' map=out
    if [ "$i" = "$2" ]; then no=; elif [ -n "$2" ]; then map=takeover; fi
    neighbor_lines="$neighbor_lines${no}neighbor $peer shutdown
"
    map_lines="${map_lines}neighbor $peer route-map kk-$name-$map out
"
  done
}

act_bgp() {
  neighbor_lines='' map_lines=''
  if [ -n "$dead" ] && eval "[ \$rank_$dead -ge 4 ]" && ! is_sibling_ready "$1"; then
    # Nothing has died: the session that is to take over comes first.
    frr_lines "$1" ''
    tell_frr || complain "$connection: FRR: $answer"
    return 1
  fi
  if [ -n "$dead" ] && eval "[ \$rank_$dead -lt 4 ]"; then start_detour "$1"; fi
  frr_lines "$1" "$dead"
  tell_frr || { complain "$connection: FRR: $answer"; return 1; }
  if [ -n "$dead" ]; then
    eval "tell \"$connection: traffic off \$name_$dead\""
  elif [ -n "$applied" ] && [ "$applied" != dead: ]; then
    tell "$connection: both tunnels in use"
  fi
}

# is_source_lost: whether a route that FRR made into one of our tunnels has no source, or another. An ECMP route's devices follow in lines
# of their own.
is_source_lost() {
  ip -4 route show proto bgp | awk -v ours="$interfaces " -v source=" src $source_ip " '
    /^[0-9]/ { has = index($0 " ", source) }
    { for (i = 1; i < NF; i++) if ($i == "dev" && index(ours, " " $(i + 1) " ") && !has) lost = 1 }
    END { exit !lost }'
}

# check_source: what is said to zebra in frr.conf. FRR 10 may lose it at a start, for its mgmtd and zebra are not ready for each other; what the
# controller itself sends would then carry another of its addresses. First taken back: mgmtd says nothing on of what it believes is said.
# https://github.com/FRRouting/frr/issues/18541 https://github.com/FRRouting/frr/issues/21128
check_source() {
  case $source_ip in -) return ;; esac
  if [ $((ticks - source_told)) -lt "$SOURCE_PATIENCE" ] || ! is_source_lost; then return; fi
  source_told=$ticks
  timeout 10 vtysh -c 'configure terminal' -c 'route-map kk-source permit 10' -c 'no set src' >/dev/null 2>&1 </dev/null
  if answer=$(timeout 10 vtysh -c 'configure terminal' -c 'route-map kk-source permit 10' -c "set src $source_ip" -c exit \
    -c 'ip protocol bgp route-map kk-source' 2>&1 </dev/null); then
    tell "FRR had lost the source address of its routes: told again"
  else
    complain "FRR: $answer"
  fi
}

# is_sibling_ready CONNECTION: whether the other tunnel's session is up, and was so at the last look too if that had to be waited for.
is_sibling_ready() {
  eval "has_waited=\${has_waited_$1:-no}"
  for i in $members; do
    [ "$i" != "$dead" ] || continue
    eval "peer=\$cloud_inside_$i"
    case $(timeout 10 vtysh -c "show bgp neighbors $peer json" 2>/dev/null </dev/null) in
      *'"bgpState":"Established"'*) ;;
      *)
        eval "has_waited_$1=yes"
        return 1
        ;;
    esac
  done
  eval "has_waited_$1=no"
  [ "$has_waited" = no ]
}

# Two policy-based tunnels for one pair of prefixes cannot both be up, so nobody knows whether the idle one would be fit: it comes
# up when the other has died (or is drained), and stays.
act_policy() {
  eval "active=\$chosen_$1 switched=\$switched_$1"
  if [ -z "$active" ]; then
    active=$chosen switched=$now
    eval "chosen_$1=$active switched_$1=$now"
  fi
  idle=''
  for i in $members; do [ "$i" = "$active" ] || idle=$i; done
  eval "rank=\$rank_$active"
  case $rank in 3 | 5 | 6) return 0 ;; esac
  [ -n "$idle" ] && eval "[ \$state_$idle != drained ]" && [ $((now - switched)) -ge "$POLICY_PATIENCE" ] || return 0
  eval "old=\$name_$active new=\$name_$idle"
  for order in "--name $old --terminate" "--name $old --unroute" "--asynchronous --name $new --initiate"; do
    # shellcheck disable=SC2086 # words
    timeout 10 ipsec whack $order >/dev/null 2>&1
  done
  eval "chosen_$1=$idle switched_$1=$now"
  tell "$connection: $old taken down, $new started"
}

act_where_due() {
  n=1
  while [ $n -le "$connections" ]; do
    if eval "[ \$due_$n = yes ]"; then
      eval "due_$n=no"
      act $n
    fi
    n=$((n + 1))
  done
  # After the deed, for the deed is urgent.
  [ -z "$news" ] || printf '%s' "$news" | sed 's/^/kakehashi-routes: /' >&2
  news=
  if [ "$has_moved" = yes ]; then
    has_moved=no
    routes_left=$(our_routes)
  fi
  [ "$is_report_due" = no ] || report
}

report() {
  is_report_due=no
  {
    echo '# tunnel state since_epoch answered reason'
    i=1
    while [ $i -le "$tunnels" ]; do
      eval "echo \"\$name_$i \$state_$i \$since_$i \$answered_$i \$reason_$i\""
      i=$((i + 1))
    done
  } >"$RUN/tunnels.new" && mv -f "$RUN/tunnels.new" "$RUN/tunnels"
}
