#!/bin/bash
# add-to-pluto.sh CONF SECRETS CONN...: whether the installed Libreswan accepts each connection. pluto runs in a new network
# namespace that holds only lo and one veth pair, and no connection is started, so that no packet leaves. Needs root.
# A kernel without xfrm interfaces can't add a connection with one: there the line is left out, and the first line says so.
# Prints "<conn> added" or "<conn> refused: <why>" for each.
set -u
conf=$(readlink -f "$1") secrets=$(readlink -f "$2")
shift 2
exec unshare --net --mount --pid --fork --kill-child --mount-proc bash -c '
conf=$1 secrets=$2 dir=/mnt
shift 2
mount -t tmpfs none $dir && mkdir -p $dir/nss $dir/run $dir/ipsec.d
ip link set lo up
ip link add lan type veth peer name peer && ip link set peer up && ip addr add 10.0.2.15/24 dev lan && ip link set lan up
ip route add default via 10.0.2.2
strip=
if ! ip link add probe type xfrm if_id 9999 2>/dev/null; then strip="/^ *ipsec-interface=/d"; echo "without xfrm interfaces"; fi
sed -E "s/^( *auto=).*/\1ignore/; $strip" "$conf" >$dir/ipsec.conf
cp "$secrets" $dir/secrets
ipsec initnss --nssdir $dir/nss >/dev/null 2>&1
/usr/libexec/ipsec/pluto --nofork --config $dir/ipsec.conf --secretsfile $dir/secrets --nssdir $dir/nss --rundir $dir/run \
  --ipsecdir $dir/ipsec.d --logfile $dir/pluto.log >/dev/null 2>&1 &
for _ in $(seq 100); do [ -S $dir/run/pluto.ctl ] && break; sleep 0.05; done
[ -S $dir/run/pluto.ctl ] || { echo "pluto did not start"; exit 2; }
for conn in "$@"; do
  : >$dir/pluto.log
  said=$(/usr/libexec/ipsec/addconn --config $dir/ipsec.conf --ctlsocket $dir/run/pluto.ctl "$conn" 2>&1)
  if ipsec whack --rundir $dir/run --status 2>/dev/null | grep -qE "^000 \"$conn(\"|/)"; then echo "$conn added${said:+: $said}"
  else echo "$conn refused: $(grep -h "failed to add" $dir/pluto.log | head -1) $said"; fi
done
: >$dir/pluto.log
ipsec whack --rundir $dir/run --rereadsecrets >/dev/null 2>&1
grep -E "malformed|unterminated|unexpected|boundary|ERROR" $dir/pluto.log | cut -d: -f4 | sed "s/^/secrets:/"
exit 0' add-to-pluto "$conf" "$secrets" "$@"
