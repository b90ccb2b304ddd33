#!/bin/bash
# live.sh SCRIPTS: kakehashi-status on the installed Libreswan. Two plutos talk in private namespaces: the key of tokyo-aws-1 is the
# same on both, that of tokyo-aws-2 differs. No packet leaves. Prints the JSON.
set -u
export SCRIPTS; SCRIPTS=$(readlink -f "$1")
# shellcheck disable=SC2016 # expanded by the shell inside
exec unshare -n -m -p -f --kill-child --mount-proc bash -c '
mount -t tmpfs run /run && mount -t tmpfs mnt /mnt || exit 99
mkdir -p /run/netns /run/pluto /mnt/{us,peer}/{nss,ipsec.d} /mnt/peer/run /mnt/etc/{kakehashi,ipsec.d} /mnt/lib
for part in "$SCRIPTS"/status-*.awk.tmpl; do name=${part##*/}; cp "$part" "/mnt/lib/${name%.tmpl}"; done
cp "$SCRIPTS/own-address.sh" /mnt/lib/
ip link set lo up
ip netns add peer
ip link add o0 type veth peer name o0 netns peer
ip address add 198.51.100.10/24 dev o0
ip link set o0 up
ip route add default via 198.51.100.1
ip -n peer -batch - <<X
address add 198.51.100.1/24 dev o0
address add 203.0.113.1/32 dev o0
address add 203.0.113.5/32 dev o0
link set lo up
link set o0 up
X
conf() { # AUTO
  printf "config setup\n    logfile=/mnt/%s/log\n\n" "$2"
  for pair in 1:203.0.113.1 2:203.0.113.5; do
    cat <<X
conn tokyo-aws-${pair%:*}
    authby=secret
    ikev2=insist
    left=198.51.100.10
    leftid=198.51.100.10
    leftsubnet=0.0.0.0/0
    right=${pair#*:}
    rightid=${pair#*:}
    rightsubnet=0.0.0.0/0
    ike=aes_gcm256-sha2_384;dh20
    esp=aes_gcm256;dh20
    auto=$1

X
  done
}
conf start us > /mnt/us/conf
conf add peer > /mnt/peer/conf
grep "^conn" /mnt/us/conf > /mnt/etc/ipsec.d/tokyo-aws.conf
cp /mnt/us/conf /mnt/etc/ipsec.conf
printf "%s\n" "198.51.100.10 203.0.113.1 : PSK \"LiveTestKeyOne0123456789abcdefghijkl\"" "198.51.100.10 203.0.113.5 : PSK \"LiveTestKeyTwo0123456789abcdefghijkl\"" > /mnt/us/secrets
sed s/KeyTwo/KeyOdd/ /mnt/us/secrets > /mnt/peer/secrets
for side in us peer; do ipsec initnss --nssdir /mnt/$side/nss >/dev/null 2>&1; done
pluto() { # SIDE RUNDIR
  exec /usr/libexec/ipsec/pluto --nofork --config "/mnt/$1/conf" --secretsfile "/mnt/$1/secrets" --nssdir "/mnt/$1/nss" --ipsecdir "/mnt/$1/ipsec.d" \
    --rundir "$2" --logfile "/mnt/$1/log" >/dev/null 2>&1
}
in_peer() { ip netns exec peer env -i PATH="$PATH" bash -c "$(declare -f pluto); pluto peer /mnt/peer/run"; }
in_peer &
for _ in $(seq 100); do grep -qs "added IKEv2.*" /mnt/peer/log && [ -S /mnt/peer/run/pluto.ctl ] && break; sleep 0.05; done
pluto us /run/pluto &
for _ in $(seq 200); do
  grep -qs "tokyo-aws-2.*AUTHENTICATION_FAILED" /mnt/us/log && grep -qs "tokyo-aws-1.*established IKE SA" /mnt/us/log && break
  sleep 0.05
done
printf "%s\n" "site live" "controller tokyo" "libreswan 4.10" "language en" "public_ip 198.51.100.10" "private_ip 198.51.100.10" > /mnt/etc/kakehashi/controller
for pair in "1 4107 203.0.113.1 2 1" "2 4108 203.0.113.5 6 5"; do
  set -- $pair
  echo "tokyo-aws-$1 tokyo-aws $1 aws route-based static active-active ipsec$2 $2 $3 169.254.21.$4 169.254.21.$5 - 1400 1360 10.0.2.0/24 172.30.0.0/16 -"
done > /mnt/etc/kakehashi/tunnels
KAKEHASHI_LIB=/mnt/lib KAKEHASHI_ETC=/mnt/etc/kakehashi KAKEHASHI_IPSEC_D=/mnt/etc/ipsec.d sh "$SCRIPTS/kakehashi-status.sh" --within 30 --json
status=$?
kill %1 %2 2>/dev/null
wait
exit $status' live
