#!/bin/sh
set -e
cp -R etc usr /
chown frr:frr /etc/frr/frr.conf
chmod 640 /etc/frr/frr.conf
chmod 600 /etc/ipsec.d/smoke.secrets
sed -i 's/^bgpd=no/bgpd=yes/; s/^bfdd=no/bfdd=yes/' /etc/frr/daemons
systemctl daemon-reload
sysctl -q --system
systemctl enable -q --now smoke-interfaces.service
systemctl restart frr.service
systemctl enable -q --now ipsec.service
