# The lab's functions, sourced by the scripts that run in the guest: reading lab.json, waiting, and the clouds' gateways.
# shellcheck shell=bash disable=SC2034,SC2154
# (variables arrive from lab.json through eval)
export PATH=/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin SYSTEMD_COLORS=0 SYSTEMD_PAGER='' TERM=dumb
LAB_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
LAB_PATIENCE=3   # limits are written for two quiet cores; other jobs on the host have made everything take three times as long
LAB_JSON_KEPT=/lab/lab.json   # what the clouds are set to since a case has changed them
LAB_JSON=${LAB_JSON:-$LAB_DIR/lab.json}
[ ! -s "$LAB_JSON_KEPT" ] || LAB_JSON=$LAB_JSON_KEPT

# Without a process where it can be: under emulation each costs some ten milliseconds, and many wait at once.
now() { local up; read -r up _ < /proc/uptime; echo "$up"; }
exec {LAB_PAUSE}<> <(:)
pause() { read -rt "$1" -u "$LAB_PAUSE" || true; }
say() { printf '[%7s] %s\n' "$(now)" "$*"; }
# Not for background jobs: $! would be a subshell. Use `ip netns exec` there.
in_ns() { local ns=$1; shift; ip netns exec "$ns" "$@"; }

# wait_for SECONDS COMMAND…: until the command succeeds; status 1 after that time, and LAB_PATIENCE.
wait_for() {
  local end up
  read -r up _ < /proc/uptime
  end=$((10#${up/./} + $1 * 100 * LAB_PATIENCE))
  shift
  until "$@" >/dev/null 2>&1; do
    read -r up _ < /proc/uptime
    [ $((10#${up/./})) -lt $end ] || return 1
    pause 0.2
  done
}

# lab.json becomes one line of assignments for the site and one for each network and endpoint, read by eval.
lab_read() {
  if [ ! -s /run/lab/endpoints ]; then
    mkdir -p /run/lab
    jq -r '.controller as $c | (.path // {}) as $p | @sh "wan_interface=\($c.wanInterface // "eth0") wan_address=\($c.wanAddress) wan_gateway=\($c.wanGateway)
      lan_interface=\($c.lanInterface // $c.wanInterface // "eth0") lan_address=\($c.lanAddress // $c.wanAddress) lan_host=\($c.lanHost)
      public_ip=\($c.publicIp) nat=\($c.nat // false) nat_forward=\($c.natForward // false)
      path_delay_ms=\($p.delayMs // 0) path_loss_percent=\($p.lossPercent // 0) path_mtu_discovery=\($p.mtuDiscovery != false)" | gsub("\n *"; " ")' "$LAB_JSON" > /run/lab/site
    jq -r '.networks | to_entries[] | @sh "network=\(.key) network_host=\(.value.host) network_prefixes=\(.value.prefixes | join(" ")) return_paths=\(.value.returnPaths // 1)"' "$LAB_JSON" > /run/lab/networks
    jq -r '.endpoints | to_entries | to_entries[] | (.key + 1) as $i | .value.value as $e | @sh "index=\($i) endpoint=\(.value.key) network=\($e.network) outside_ip=\($e.outsideIp)
      cloud_inside=\($e.cloudInside) controller_inside=\($e.controllerInside) inside_length=\($e.insideLength // 30) mtu=\($e.mtu // 1400)
      ike_version=\($e.ikeVersion // 2) ike_proposal=\($e.ikeProposal) esp_proposal=\($e.espProposal)
      ike_lifetime=\($e.ikeLifetimeSeconds // 28800) esp_lifetime=\($e.espLifetimeSeconds // 3600) rekey_margin=\($e.rekeyMarginSeconds // 540)
      rekey_fuzz=\($e.rekeyFuzzPercent // 100) does_rekey=\($e.doesRekey != false) dpd_delay=\($e.dpdDelaySeconds // 10) dpd_action=\($e.dpdAction // "clear")
      local_id=\($e.localId // $e.outsideIp) remote_id=\($e.remoteId) psk=\($e.psk) does_initiate=\($e.doesInitiate // false)
      local_ts=\($e.localSelectors // ["0.0.0.0/0"] | join(",")) remote_ts=\($e.remoteSelectors // ["0.0.0.0/0"] | join(","))
      local_asn=\($e.localAsn // 64512) remote_asn=\($e.remoteAsn // 65000) routing=\($e.routing // "bgp")
      bgp_address=\($e.bgpAddress // $e.cloudInside) bgp_peer=\($e.bgpPeer // $e.controllerInside) bgp_multihop=\($e.bgpMultihop // 0)
      bgp_keepalive=\($e.bgpKeepaliveSeconds // 10) bgp_hold=\($e.bgpHoldSeconds // 30) bfd=\($e.bfd // false)
      bgp_passive=\($e.bgpPassive // false) send_med=\($e.sendMed // -1) dpd_give_up=\($e.dpdGiveUpSeconds // 32)
      return_preference=\($e.returnPreference // 100) site_prefixes=\($e.sitePrefixes // [] | join(" "))" | gsub("\n *"; " ")' "$LAB_JSON" > /run/lab/endpoints
  fi
  eval "$(cat /run/lab/site)"
}
# load_endpoint NAME, load_network NAME: sets that one's variables.
load_endpoint() {
  local line
  line=$(grep -F " endpoint='$1' " /run/lab/endpoints) || { echo "lab: no endpoint $1" >&2; return 1; }
  eval "$line"
}
load_network() {
  local line
  line=$(grep "^network='$1' " /run/lab/networks) || { echo "lab: no network $1" >&2; return 1; }
  eval "$line"
}
for_each_endpoint() { local line; while read -r line; do eval "$line"; eval "$1"; done < /run/lab/endpoints; }
for_each_network() { local line; while read -r line; do eval "$line"; eval "$1"; done < /run/lab/networks; }

. "$LAB_DIR/cloud.sh"
. "$LAB_DIR/faults.sh"
. "$LAB_DIR/measure.sh"
. "$LAB_DIR/controller.sh"
