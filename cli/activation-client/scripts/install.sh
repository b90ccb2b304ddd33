#!/bin/sh
# Puts the files that lie beside it in place and has systemd register this server, now and whenever it is not registered.
set -eu
here=$(dirname "$0")
root=${KAKEHASHI_ROOT:-}

if [ -z "$root" ] && [ "$(id -u)" != 0 ]; then
  echo "install.sh: must be run as root" >&2
  exit 1
fi
if [ ! -e "$here/etc/kakehashi/amazon-ssm-agent.asc" ] && [ ! -e "$root/etc/kakehashi/amazon-ssm-agent.asc" ]; then
  echo "install.sh: AWS's public key for the agent is missing: save it as $here/etc/kakehashi/amazon-ssm-agent.asc, from" >&2
  echo "  https://docs.aws.amazon.com/systems-manager/latest/userguide/verify-agent-signature.html" >&2
  exit 1
fi

put() {
  [ -e "$here/$2" ] || return 0
  mkdir -p "$root/$(dirname "$2")"
  # Made with its mode: a token is never readable by others, not for a moment.
  install -m "$1" "$here/$2" "$root/$2.new"
  mv "$root/$2.new" "$root/$2"
}
put 644 etc/kakehashi/amazon-ssm-agent.asc
put 644 etc/kakehashi/activation.conf
put 600 etc/kakehashi/activation-token
put 755 usr/local/sbin/kakehashi-register
put 644 etc/systemd/system/kakehashi-register.service

[ -z "$root" ] || exit 0
systemctl daemon-reload
systemctl enable --now --no-block kakehashi-register.service
echo "kakehashi-register.service is at work: journalctl -fu kakehashi-register"
