# What happens to an installed controller: rekeys, new keys, crashes, reboots, changed and broken trees.
# shellcheck shell=bash disable=SC2154

# steady LABEL NETWORK MOST_LOST COMMAND…: packets both ways every 50 ms while the command runs; the case fails when more are lost.
steady() {
  local label=$1 network=$2 most=$3 gaps rc
  shift 3
  gap_start "$label" "$network" 0.05
  sleep 1
  "$@"
  rc=$?
  sleep 1
  gaps=$(gap_stop "$label")
  echo "$gaps" > "/run/lab/$label.json"
  [ $rc -eq 0 ] || { echo "$label: the command failed"; return 1; }
  # One packet each way may be under way when the pings are stopped.
  jq -e -s --argjson most "$most" 'length == 1 and (.[0] | .outboundLost <= $most + 1 and .inboundLost <= $most + 1 and .outboundSent > 20)' > /dev/null <<< "$gaps" ||
    { echo "lost: $(jq -c '[.outboundLost, .inboundLost, .outboundSent]' <<< "$gaps")"; return 1; }
}
lost_in() { jq -r '"lost \(.outboundLost) and \(.inboundLost) of \(.outboundSent), longest gap \(.outboundOneWayMs) and \(.inboundOneWayMs) ms"' "/run/lab/$1.json"; }

# sas TUNNEL: what identifies its SAs as the cloud's end sees them.
sas() { swan "$1" --list-sas | sed -nE 's/^(site: #[0-9]+).*/\1/p; s/^ *(net: #[0-9]+).*/\1/p' | paste -sd' '; }
# others_untouched BEFORE(file) TUNNEL…: all SAs but those tunnels' are still there. One more may be: while packets enter a dead tunnel's
# interface, pluto 4.10 lets another any-to-any connection negotiate a further child SA, which harms nothing.
others_untouched() {
  local file=$1 tunnel before after sa
  shift
  while IFS='|' read -r tunnel before; do
    case " $* " in *" $tunnel "*) continue ;; esac
    after=$(sas "$tunnel")
    for sa in ${before//: #/:#}; do
      case " ${after//: #/:#} " in *" $sa "*) ;; *) echo "SAs of $tunnel changed: $before -> $after"; return 1 ;; esac
    done
  done < "$file"
}
note_sas() { for_each_endpoint 'echo "$endpoint|$(sas "$endpoint")"' > "$1"; }

# case_rekey CONNECTION: child and IKE rekeys by either side, three times each, under traffic. Without a loss, but for child rekeys that
# the cloud begins: pluto sends with the new SA as soon as it has answered, and what comes before the cloud has read that answer is
# lost: the cloud's half of the Diffie-Hellman exchange, which emulation stretches to some 300 ms. It is one more reason for the margins,
# by which the controller always rekeys first.
case_rekey() {
  local network tunnel side kind most
  network=$(network_of "$1") tunnel=$(carrying "$1")
  must 'everything up' wait_for 40 everything_up
  for side in controller cloud; do
    for kind in child ike; do
      most=0
      [ "$side $kind" != 'cloud child' ] || most=100
      must "3 $kind rekeys by the $side" steady "rekey-$side-$kind" "$network" $most repeat 3 force_rekey "$side" "$kind" "$tunnel"
      note "$kind rekeys by the $side: $(lost_in "rekey-$side-$kind")"
    done
  done
}
repeat() { local times=$1; shift; for _ in $(seq "$times"); do "$@" || return 1; done; }

# case_rekey_both CONNECTION: both ends rekey the child SA at the same moment. Libreswan up to 5.0 may lose packets for a moment; the
# tunnel must stand by itself afterwards, without a restart.
case_rekey_both() {
  local network tunnel
  network=$(network_of "$1") tunnel=$(carrying "$1")
  must 'both at once, twice' steady rekey-both "$network" 10000 repeat 2 rekey_both "$tunnel"
  note "both at once: $(lost_in rekey-both)"
  must 'traffic both ways' wait_for 30 passes "$1"
  must 'tunnels up' wait_for 30 connection_up "$1"
}
rekey_both() {
  local before
  before=$(sa_id child "$1")
  swan "$1" --rekey --child net > /dev/null 2>&1 &
  force_rekey controller child "$1"
  wait_for 15 sa_changed child "$1" "$before"
}

# case_rotate CONNECTION: new keys, tunnel by tunnel: epoch raised, deployed, rendered, installed, then the cloud's end gets its new key.
# The clouds keep it over a reboot of the guest: they run in it, but they are not what reboots.
case_rotate() {
  local connection=$1 network
  network=$(network_of "$connection")
  note_sas /run/lab/sas-before
  must 'tunnel 2 gets a new key with no loss' steady rotate-2 "$network" 0 rotate "$connection" 2
  note "tunnel 2: $(lost_in rotate-2)"
  QUIET=1 must "other connections" others_untouched /run/lab/sas-before "$connection-2"
  wait_for 60 carries "$connection" "$connection-1"
  must 'tunnel 1 gets a new key' steady rotate-1 "$network" "${ROTATE_LOSS:-0}" rotate "$connection" 1
  note "tunnel 1: $(lost_in rotate-1)"
  must 'tunnels up' wait_for 40 connection_up "$connection"
  cp lab-rotated-1.json "$LAB_JSON_KEPT"
}
# rotate CONNECTION NUMBER: the cloud changes its key first (a new authentication would now fail), then install.sh runs.
rotate() {
  local tunnel=$1-$2 tree=rotated-$2
  jq -r --arg t "$tunnel" '.endpoints[$t].psk' "lab-$tree.json" > /run/lab/new-psk
  sed -i -E "s/secret = \"[^\"]*\"/secret = \"$(cat /run/lab/new-psk)\"/" "$CLOUD_DIR/$tunnel/swanctl/swanctl.conf"
  SWANCTL_DIR=$CLOUD_DIR/$tunnel/swanctl swan "$tunnel" --load-creds --clear > /dev/null 2>&1 || { echo 'the cloud did not take its key'; return 1; }
  install "$tree" || { echo "install.sh: $(tail -n 1 "/lab/out/install-$tree.txt")"; return 1; }
  wait_for 40 tunnel_up "$tunnel" || { echo 'the tunnel did not come up'; return 1; }
}

# case_kill_pluto: kill -9 of pluto: systemd starts it again, every tunnel comes back, interfaces and addresses never went away.
case_kill_pluto() {
  ip -br address show | grep -E '^(ipsec|vti)' > /run/lab/addresses-before
  kill -9 "$(pidof pluto)"
  sleep 1
  must 'every tunnel up again' wait_for 150 everything_up
  ip -br address show | grep -E '^(ipsec|vti)' | diff - /run/lab/addresses-before > /run/lab/diff.txt || give_up "interfaces changed: $(head -n 1 /run/lab/diff.txt)"
  local connection
  for connection in $(awk 'NR > 1 { print $2 }' /etc/kakehashi/tunnels | sort -u); do QUIET=1 must "traffic of $connection" wait_for 30 passes "$connection"; done
}

# case_twice: install.sh again with the same tree changes nothing and touches no SA.
case_twice() {
  must 'everything up' wait_for 60 everything_up
  note_sas /run/lab/sas-before
  must 'install.sh again' install base
  said base 'nothing to do' || give_up "install.sh does not say that there is nothing to do: $(tail -n 1 /lab/out/install-base.txt)"
  must 'no SA touched' others_untouched /run/lab/sas-before
}

# case_changed CONNECTION: a tree in which one connection differs: only its tunnels are replaced, one after the other, without a loss.
case_changed() {
  local network
  network=$(network_of "$1")
  note_sas /run/lab/sas-before
  must 'install.sh with a changed connection' steady changed "$network" 0 install changed
  note "$(lost_in changed)"
  must 'no other connection touched' others_untouched /run/lab/sas-before "$1-1" "$1-2"
  must 'everything up' wait_for 60 everything_up
}

# case_rollback CONNECTION: --rollback puts back what was before.
case_rollback() {
  (cd /root/kakehashi && timeout --foreground $((80 * LAB_PATIENCE)) sh ./install.sh --rollback) > /lab/out/rollback.txt 2>&1 || give_up "rollback: $(tail -n 1 /lab/out/rollback.txt)"
  must 'everything up' wait_for 60 everything_up
  diff -r trees/rotated-1/etc/ipsec.d /etc/ipsec.d -x policies -x nsspassword > /run/lab/diff.txt 2>&1 ||
    ! grep -q '^diff' /run/lab/diff.txt || give_up "not what it was: $(head -n 1 /run/lab/diff.txt)"
  passes "$1" || give_up 'no traffic after the rollback'
}

# case_broken: a damaged tree is refused before anything changes.
case_broken() {
  note_sas /run/lab/sas-before
  find /etc/ipsec.d /etc/frr /etc/kakehashi /etc/nftables.d -type f -exec sha256sum {} + | sort > /run/lab/files-before
  local what
  for what in unknown-word bad-proposal truncated-frr bad-nft; do
    rm -rf trees/broken && cp -a trees/base trees/broken
    case $what in
      unknown-word) sed -i 's/^    ikelifetime=/    ikelifetimes=/' trees/broken/etc/ipsec.d/*.conf ;;
      bad-proposal) sed -i 's/;dh20/;dh99/' trees/broken/etc/ipsec.d/*.conf ;;
      truncated-frr) [ -f trees/broken/etc/frr/frr.conf ] || continue; echo ' neighbor 1.2.3' >> trees/broken/etc/frr/frr.conf ;;
      bad-nft) echo 'table inet kakehashi {' >> trees/broken/etc/nftables.d/kakehashi.nft ;;
    esac
    ! diff -rq trees/base trees/broken > /dev/null || give_up "$what: the lab damaged nothing"
    ! install broken || give_up "$what: install.sh took it"
    grep -q 'nothing was changed' /lab/out/install-broken.txt || give_up "$what: $(tail -n 1 /lab/out/install-broken.txt)"
    find /etc/ipsec.d /etc/frr /etc/kakehashi /etc/nftables.d -type f -exec sha256sum {} + | sort | diff - /run/lab/files-before > /dev/null || give_up "$what: files changed"
    QUIET=1 must "$what: no SA touched" others_untouched /run/lab/sas-before
    note "$what: $(tail -n 1 /lab/out/install-broken.txt)"
  done
}

# case_reboot: the machine comes back by itself, tunnels and traffic with it.
case_reboot() {
  if [ "$LAB_BOOT" = 1 ]; then
    echo $((number - 1)) > /lab/done
    sync
    systemctl reboot
    sleep 60
    give_up 'it did not reboot'
  fi
  must 'every tunnel up after the reboot' wait_for 90 everything_up
  local connection
  for connection in $(awk 'NR > 1 { print $2 }' /etc/kakehashi/tunnels | sort -u); do must "traffic of $connection" wait_for 30 passes "$connection"; done
  for unit in ipsec kakehashi-interfaces kakehashi-nftables kakehashi-routes; do QUIET=1 must "$unit" systemctl is-active "$unit.service"; done
}
