#!/bin/sh
# kakehashi-metrics FORMAT: what kakehashi-status sees, said as a site's monitoring wants to hear it. --help has it all.
#
# Agents are not root: root's timer leaves a snapshot that all may read. The shell finds the lines, one awk file a format prints.
set -u
export LC_ALL=C
PATH=${KAKEHASHI_PATH:-$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin}

RUN=${KAKEHASHI_RUN:-/run/kakehashi} # other places only in tests
LIB=${KAKEHASHI_LIB:-/usr/local/lib/kakehashi}
DEFAULTS=${KAKEHASHI_METRICS_DEFAULTS:-/etc/default/kakehashi-metrics}

MAX_AGE_SECONDS=150 # the timer's minute twice, and half a one for a busy machine
ONLY_TUNNEL='' ONLY_CONNECTION='' ACTION='' REGION='' IS_FRESH=no

usage() {
  cat <<'USAGE'
usage: kakehashi-metrics FORMAT

  nagios [--tunnel NAME | --connection NAME]
                         one line with perfdata, then the causes; exit 0 ok, 1 warning, 2 critical, 3 unknown. For Nagios, Icinga,
                         Naemon, NRPE, Sensu checks, Monit, check_mk's MRPE and Mackerel's check plugins
  zabbix                 low-level discovery of the tunnels; values are in `json`: share/kakehashi/zabbix-agent.conf and -template.yaml
  munin [config|autoconf]
                         multigraph plugin; ln -s /usr/local/sbin/kakehashi-metrics /etc/munin/plugins/kakehashi
  monit                  a stanza to put into /etc/monit/conf-enabled
  mackerel               metric plugin; with MACKEREL_AGENT_PLUGIN_META=1 its graphs
  prometheus             text for node_exporter's textfile collector
  pandora                modules for Pandora FMS's module_plugin
  cloudwatch             the input of PutMetricData
  cloudwatch --send REGION
                         sends it: credentials as the AWS command line takes them from the environment or ~/.aws/credentials; needs python3
  json                   the document of `kakehashi-status --json`
  snapshot               what kakehashi-metrics.timer runs each minute, as root: keeps the state where all may read it

  --fresh                asks anew (root only) instead of reading the snapshot

A tunnel is not configured where /etc/kakehashi/tunnels names it but no file of ipsec.d has its conn, or where there is no such file
at all; it is down where it is configured and no traffic passes. The first has no value for up or down, in any format.

/etc/default/kakehashi-metrics, lines KEY=VALUE, each optional, for snapshot:
  TEXTFILE=/var/lib/prometheus/node-exporter/kakehashi.prom   written at each snapshot
  CLOUDWATCH=ap-northeast-1                                   sent there at each snapshot

Exit, but for nagios: 0 done, 1 the arguments or the settings are wrong, 2 something outside failed.
USAGE
}
# die CODE TEXT
die() {
  echo "kakehashi-metrics: $2" >&2
  exit "$1"
}
# misuse TEXT: a plugin that was called wrongly knows nothing of the tunnels.
misuse() {
  case $FORMAT in
    nagios)
      echo "KAKEHASHI UNKNOWN - $1; see kakehashi-metrics --help"
      exit 3
      ;;
    *) die 1 "$1; see --help" ;;
  esac
}

# Munin calls a plugin by its link's name, with no word or with config.
case ${0##*/} in
  kakehashi-metrics*)
    FORMAT=${1:---help}
    [ $# -eq 0 ] || shift
    ;;
  *) FORMAT=munin ;;
esac

while [ $# -gt 0 ]; do
  case $FORMAT:$1 in
    munin:config | munin:autoconf) ACTION=$1 ;;
    nagios:--tunnel | nagios:--connection | cloudwatch:--send)
      [ $# -ge 2 ] || misuse "$1 needs a value"
      case $2 in '' | -* | *[!a-z0-9-]*) misuse "$1 must be a name such as tokyo-aws-1 or ap-northeast-1" ;; esac
      case $1 in --tunnel) ONLY_TUNNEL=$2 ;; --connection) ONLY_CONNECTION=$2 ;; *) ACTION=send REGION=$2 ;; esac
      shift
      ;;
    *:--fresh) IS_FRESH=yes ;;
    *) misuse 'unknown argument' ;;
  esac
  shift
done
[ -z "$ONLY_TUNNEL" ] || [ -z "$ONLY_CONNECTION" ] || misuse 'give --tunnel or --connection, not both'

is_recent() {
  read -r word time <"$RUN/status" || return 1
  [ "$word" = time ] || return 1
  case $time in '' | *[!0-9]*) return 1 ;; esac
  age=$(($(date +%s) - time))
  [ $age -ge -$MAX_AGE_SECONDS ] && [ $age -le $MAX_AGE_SECONDS ]
}
# ask COMMAND…: the lines, into TOLD. They come also where the state can't be told; the exit status tells of the tunnels.
ask() {
  TOLD=$("$@")
  case $TOLD in 'time '*) ;; *) misuse 'kakehashi-status told nothing' ;; esac
}
# say FORMAT
say() {
  printf '%s\n' "$TOLD" | awk -v only_tunnel="$ONLY_TUNNEL" -v only_connection="$ONLY_CONNECTION" -v action="$ACTION" -v before="$RUN/status.before" \
    -v meta="${MACKEREL_AGENT_PLUGIN_META:-}" -f "$LIB/metrics/read.awk" -f "$LIB/metrics/$1.awk"
}
# send REGION
send() {
  command -v python3 >/dev/null 2>&1 || die 2 'python3 is not installed; sending to CloudWatch needs it'
  say cloudwatch | python3 -I "$LIB/metrics/put-metric-data.py" "$1"
}

read_settings() {
  TEXTFILE='' CLOUDWATCH=''
  [ -r "$DEFAULTS" ] || return 0
  while IFS='=' read -r key value; do
    case $key:$value in
      '#'*:* | :) ;;
      TEXTFILE:/*) TEXTFILE=$value ;;
      CLOUDWATCH:[a-z]*)
        case $value in *[!a-z0-9-]*) die 1 "$DEFAULTS: CLOUDWATCH must be a region such as ap-northeast-1" ;; esac
        CLOUDWATCH=$value
        ;;
      *) die 1 "$DEFAULTS: not understood: $key" ;;
    esac
  done <"$DEFAULTS"
}

# write_whole FILE TEXT: so that no reader ever sees half of it, and through no link that somebody has laid.
write_whole() {
  new=$(mktemp "$1.XXXXXX") || die 2 "$1 cannot be written"
  if printf '%s\n' "$2" >"$new" && chmod 644 "$new" && mv -f "$new" "$1"; then return 0; fi
  rm -f "$new"
  die 2 "$1 cannot be written"
}

snapshot() {
  [ "$(id -u)" = 0 ] || die 1 'must run as root: the state of IPsec is readable by root alone'
  read_settings
  umask 022
  mkdir -p "$RUN" || exit 2
  # No agent waits for it: a busy machine gets more time than the usual 3 s.
  ask kakehashi-status --lines --within 10
  [ ! -f "$RUN/status" ] || mv -f "$RUN/status" "$RUN/status.before"
  write_whole "$RUN/status" "$TOLD"
  if [ -n "$TEXTFILE" ]; then
    text=$(say prometheus) || die 2 'awk failed'
    write_whole "$TEXTFILE" "$text"
  fi
  [ -z "$CLOUDWATCH" ] || send "$CLOUDWATCH"
}

case $FORMAT in
  nagios | zabbix | munin | monit | mackerel | prometheus | pandora | cloudwatch | json | snapshot) ;;
  --help | -h) usage; exit 0 ;;
  *) die 1 'unknown format; see --help' ;;
esac
[ -r "$LIB/metrics/read.awk" ] || misuse "$LIB/metrics is missing; run install.sh"
case $FORMAT$ACTION in
  snapshot) snapshot; exit ;;
  muninautoconf) echo yes; exit ;;
esac
if [ $IS_FRESH = no ] && [ -r "$RUN/status" ] && is_recent; then ask cat "$RUN/status"; else ask kakehashi-status --lines; fi
case $FORMAT$ACTION in
  json) printf '%s\n' "$TOLD" | sed -n 's/^json //p' ;;
  cloudwatchsend) send "$REGION" ;;
  *) say "$FORMAT" ;;
esac
