import type { ActivationFacts } from "../../config/activation-facts";
import type { TreeFile } from "../../config/tree-file";

/**
 * Lines that make a site's own DNS servers ask the VPC's for the API's name, and for no other. None where the VPC has no resolver
 * endpoint: public DNS answers the other names.
 */
export function renderForwarding({ privateHost, resolverAddresses }: ActivationFacts): TreeFile[] {
  if (resolverAddresses.length === 0) return [];
  const file = (name: string, lines: readonly string[]): TreeFile => ({
    path: `dns/${name}`,
    content: `${lines.join("\n")}\n`,
    mode: 0o644,
  });
  return [
    // https://thekelleys.org.uk/dnsmasq/docs/dnsmasq-man.html
    file("dnsmasq.conf", [
      "# /etc/dnsmasq.d/kakehashi-activation.conf",
      ...resolverAddresses.map((address) => `server=/${privateHost}/${address}`),
      `rebind-domain-ok=/${privateHost}/`,
    ]),
    // https://unbound.docs.nlnetlabs.nl/en/latest/manpages/unbound.conf.html
    file("unbound.conf", [
      "# /etc/unbound/unbound.conf.d/kakehashi-activation.conf",
      "server:",
      `  private-domain: "${privateHost}"`,
      "forward-zone:",
      `  name: "${privateHost}"`,
      ...resolverAddresses.map((address) => `  forward-addr: ${address}`),
    ]),
    // https://bind9.readthedocs.io/en/latest/reference.html#namedconf-statement-forwarders
    file("named.conf", [
      "// /etc/bind/named.conf.local",
      `zone "${privateHost}" {`,
      "  type forward;",
      "  forward only;",
      `  forwarders { ${resolverAddresses.map((address) => `${address};`).join(" ")} };`,
      "};",
    ]),
    // https://learn.microsoft.com/powershell/module/dnsserver/add-dnsserverconditionalforwarderzone
    file("windows-dns.ps1", [
      "# On a Windows DNS server, once:",
      `Add-DnsServerConditionalForwarderZone -Name '${privateHost}' -MasterServers ${resolverAddresses.join(",")}`,
    ]),
  ];
}
