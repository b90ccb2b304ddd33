#!/bin/sh
# kakehashi-register: joins this server to AWS Systems Manager as a hybrid node. It asks the site's private API for an
# activation, so nobody has to make one by hand. Does nothing on a server that is registered already.
# Exit codes: 0 ok, 1 the configuration must be mended, 2 something outside failed, 3 the API refuses this server.
set -eu
umask 077

# A folder that stands for / : a test, or an image that is being built.
root=${KAKEHASHI_ROOT:-}
conf=$root/etc/kakehashi/activation.conf
token_file=$root/etc/kakehashi/activation-token
key_file=$root/etc/kakehashi/amazon-ssm-agent.asc
registration=$root/var/lib/amazon/ssm/registration

say() { printf 'kakehashi-register: %s\n' "$*" >&2; }
die() { code=$1; shift; say "$@"; exit "$code"; }

usage() {
  cat <<'END'
usage: kakehashi-register [--re-register]
  --re-register   register again, as another node, even if this server is registered
END
}

is_forced=no
while [ $# -gt 0 ]; do
  case $1 in
    --re-register) is_forced=yes ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 1 ;;
  esac
  shift
done

# ---- configuration: key=value lines, never run as shell

read_conf() {
  [ -r "$conf" ] || die 1 "can't read $conf"
  url='' region='' api_id='' proxy='' agent_url='' patience_seconds=3600
  while IFS='=' read -r name value || [ -n "$name" ]; do
    case $name in
      '' | '#'*) ;;
      url) url=$value ;;
      region) region=$value ;;
      api_id) api_id=$value ;;
      proxy) proxy=$value ;;
      agent_url) agent_url=$value ;;
      patience_seconds) patience_seconds=$value ;;
      *) die 1 "$conf: $name is not a known key" ;;
    esac
  done <"$conf"
  case $region in '' | *[!a-z0-9-]*) die 1 "$conf: region must be an AWS region" ;; esac
  # Plain http is for this very machine only.
  case $url in
    https://* | http://127.0.0.1:*) ;;
    *) die 1 "$conf: url must begin with https://" ;;
  esac
  case $patience_seconds in '' | *[!0-9]*) die 1 "$conf: patience_seconds must be a number" ;; esac
  [ -n "$agent_url" ] || agent_url=https://amazon-ssm-$region.s3.$region.amazonaws.com/latest
}

# ---- where we are

node_id() { sed -n 's/.*"ManagedInstanceID" *: *"\(mi-[0-9a-f]*\)".*/\1/p' "$registration" 2>/dev/null | head -n 1; }

# AWS keeps two folders of the agent: debian_* and linux_*.
platform() {
  case $(uname -m) in
    x86_64) arch=amd64 ;;
    aarch64) arch=arm64 ;;
    *) die 2 "no agent is published for $(uname -m)" ;;
  esac
  family=$(sed -n 's/^ID\(_LIKE\)\{0,1\}=//p' "$root/etc/os-release" 2>/dev/null | tr -d "\"'" | tr '\n' ' ')
  for word in $family; do
    case $word in
      debian | ubuntu) echo "debian_$arch"; return ;;
      rhel | fedora | centos | rocky | almalinux | ol | amzn) echo "linux_$arch"; return ;;
    esac
  done
  die 2 "don't know which agent fits this system: $root/etc/os-release says ${family:-nothing}"
}

# ---- the agent's installer

fetch() {
  curl --silent --show-error --fail --location --retry 5 --retry-connrefused --max-time 600 \
    ${proxy:+--proxy "$proxy"} --output "$2" "$1" || die 2 "can't fetch $1"
}

# AWS changes its key every year or two: the file that lies here must be the one that it publishes now.
verify() {
  [ -r "$key_file" ] || die 1 "can't read $key_file: put AWS's public key for the agent there"
  if command -v gpg >/dev/null; then
    mkdir -m 700 "$work/gnupg"
    gpg --homedir "$work/gnupg" --batch --quiet --import "$key_file" 2>"$work/gpg.log" ||
      die 1 "$key_file holds no public key"
    gpg --homedir "$work/gnupg" --batch --status-fd 3 --verify "$1.sig" "$1" 3>"$work/status" 2>>"$work/gpg.log" || :
  elif command -v gpgv >/dev/null; then
    # gpgv reads binary keys only.
    sed -n '/^-----BEGIN/,/^-----END/p' "$key_file" | sed '/^-----/d; /^[A-Za-z-]*: /d; /^=/d; /^ *$/d' |
      base64 -d >"$work/key.gpg" 2>/dev/null || die 1 "$key_file holds no public key"
    gpgv --keyring "$work/key.gpg" --status-fd 3 "$1.sig" "$1" 3>"$work/status" 2>"$work/gpg.log" || :
  else
    die 1 "neither gpg nor gpgv is here: install gnupg"
  fi
  # An expired key answers EXPKEYSIG, and is not taken.
  if ! grep -q '^\[GNUPG:\] GOODSIG ' "$work/status" || ! grep -q '^\[GNUPG:\] VALIDSIG ' "$work/status"; then
    sed 's/^/  /' "$work/gpg.log" >&2
    die 2 "the signature of $agent is not good: nothing was run"
  fi
}

# ---- the API

# Settings go to curl by its standard input: a command line can be read by every user of the machine.
ask() {
  {
    printf 'url = "%s/activations"\n' "$url"
    if [ -r "$token_file" ]; then printf 'header = "Authorization: Bearer %s"\n' "$(tr -d '\r\n' <"$token_file")"; fi
    if [ -n "$api_id" ]; then printf 'header = "x-apigw-api-id: %s"\n' "$api_id"; fi
  } | curl --config - --silent --show-error --noproxy '*' --max-time 60 --header 'Content-Type: application/json' \
    --data-binary "@$work/request" --dump-header "$work/headers" --output "$work/answer" --write-out '%{http_code}' ||
    :
}

field() { sed -n "s/.*\"$1\":\"\\([^\"\\\\]*\\)\".*/\\1/p" "$work/answer"; }

# Waits as long as the API says, else ever longer; half of it by chance, so that a rack of servers does not come back as one.
pause() {
  wait=$(tr -d '\r' <"$work/headers" 2>/dev/null | sed -n 's/^[Rr]etry-[Aa]fter: *\([0-9]\{1,5\}\)$/\1/p' | tail -n 1)
  if [ -z "$wait" ]; then
    wait=$((2 << tries))
    [ "$wait" -le 300 ] || wait=300
  fi
  chance=$(od -An -N2 -tu2 /dev/urandom | tr -d ' ')
  wait=$((wait + chance % (wait / 2 + 1)))
  [ $(($(date +%s) + wait)) -le "$deadline" ] || die 2 "gave up: the last answer was $status"
  say "the API answered $status; asking again in $wait s"
  sleep "$wait"
}

# Sets activation_id and activation_code. The same attempt in every retry: a code whose answer was lost is not counted twice.
obtain() {
  rejected=$1
  attempt=$(tr -d '\n' </proc/sys/kernel/random/uuid)
  machine=$(hostname | tr -c 'A-Za-z0-9._\n-' '-' | cut -c 1-80)
  machine=$machine.$(sha256sum <"$root/etc/machine-id" 2>/dev/null | cut -c 1-12)
  printf '{"machine":"%s","attempt":"%s"%s}' "$machine" "$attempt" \
    "${rejected:+,\"rejectedActivationId\":\"$rejected\"}" >"$work/request"
  deadline=$(($(date +%s) + patience_seconds))
  tries=0
  while :; do
    : >"$work/headers"
    : >"$work/answer"
    status=$(ask)
    case $status in
      200) break ;;
      400) die 1 "the API does not understand this version of kakehashi-register: $(field message)" ;;
      401 | 403) die 3 "the API refuses this server ($status): look at $token_file, and whether its prefix is allowed" ;;
      404) die 1 "there is no API at $url" ;;
    esac
    pause
    tries=$((tries < 7 ? tries + 1 : tries))
  done
  activation_id=$(field activationId)
  activation_code=$(field activationCode)
  case $activation_id in '' | *[!0-9a-f-]*) die 2 "the API's answer has no activation id" ;; esac
  case $activation_code in '' | *[!A-Za-z0-9+/=_-]*) die 2 "the API's answer has no activation code" ;; esac
}

# ---- the work

read_conf
if [ -z "$root" ] && [ "$(id -u)" != 0 ]; then die 1 "must be run as root"; fi
known=$(node_id)
if [ -n "$known" ] && [ "$is_forced" = no ]; then
  say "registered already, as $known"
  exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

agent=$agent_url/$(platform)/ssm-setup-cli
fetch "$agent" "$work/ssm-setup-cli"
fetch "$agent.sig" "$work/ssm-setup-cli.sig"
verify "$work/ssm-setup-cli"
chmod 700 "$work/ssm-setup-cli"

if [ -n "$proxy" ]; then
  mkdir -p "$root/etc/systemd/system/amazon-ssm-agent.service.d"
  printf '[Service]\nEnvironment="https_proxy=%s" "http_proxy=%s" "no_proxy=169.254.169.254"\n' "$proxy" "$proxy" \
    >"$root/etc/systemd/system/amazon-ssm-agent.service.d/proxy.conf"
  https_proxy=$proxy http_proxy=$proxy no_proxy=169.254.169.254
  export https_proxy http_proxy no_proxy
fi

rejected=
for round in 1 2 3; do
  obtain "$rejected"
  set -- -register -activation-id "$activation_id" -activation-code "$activation_code" -region "$region"
  if [ "$is_forced" = yes ]; then set -- "$@" -override; fi
  # The installer takes the code as an argument only; the pair is used up by the time that somebody could read it.
  if "$work/ssm-setup-cli" "$@" >"$work/setup.log" 2>&1; then
    now=$(node_id)
    [ -n "$now" ] || die 2 "the installer succeeded, but there is no $registration"
    say "registered as $now"
    exit 0
  fi
  # The installer's own words, should it repeat the code.
  sed "s|$activation_code|…|g; s/^/  /" "$work/setup.log" >&2
  say "the installer failed with activation $activation_id (round $round of 3)"
  rejected=$activation_id
done
die 2 "the agent could not be registered"
