import type { TreeFile } from "../config/tree-file";

/** What systemd starts on the controller. Nothing in here depends on the site. */
export function renderUnits(): TreeFile[] {
  return Object.entries(UNITS).map(([name, content]) => ({ path: `etc/systemd/system/${name}`, content, mode: 0o644 }));
}

const UNITS: Readonly<Record<string, string>> = {
  // Needs no address of the machine, so that it does not wait for one: the sooner, the shorter anything can leave in clear.
  "kakehashi-interfaces.service": `[Unit]
Description=Kakehashi: tunnel interfaces
After=network.target systemd-sysctl.service
Before=network-online.target ipsec.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/local/sbin/kakehashi-interfaces up
ExecReload=/usr/local/sbin/kakehashi-interfaces up
ExecStop=/usr/local/sbin/kakehashi-interfaces down

[Install]
WantedBy=multi-user.target
`,
  // Debian's nftables.service flushes every table when it starts or reloads: ours then goes in again.
  "kakehashi-nftables.service": `[Unit]
Description=Kakehashi: MSS clamp
After=nftables.service
PartOf=nftables.service
ReloadPropagatedFrom=nftables.service
Before=ipsec.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/sbin/nft -f /etc/nftables.d/kakehashi.nft
ExecReload=/usr/sbin/nft -f /etc/nftables.d/kakehashi.nft
ExecStop=-/usr/sbin/nft delete table inet kakehashi

[Install]
WantedBy=multi-user.target nftables.service
`,
  "kakehashi-routes.service": `[Unit]
Description=Kakehashi: moves traffic off a dead tunnel
Wants=kakehashi-interfaces.service
After=kakehashi-interfaces.service ipsec.service frr.service

[Service]
ExecStart=/usr/local/sbin/kakehashi-routes
Restart=always
RestartSec=2

[Install]
WantedBy=multi-user.target
`,
};
