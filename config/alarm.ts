import type { CaCertificate } from "./values/ca-certificate";
import type { Cidr } from "./values/cidr";
import type { EmailAddress } from "./values/email-address";
import type { IpAddress } from "./values/ip-address";
import type { Key } from "./values/key";
import type { SecretRef } from "./values/secret-ref";

/** A road that alarms take: whom it reaches, and which tunnels it watches. */
export interface Alarm {
  readonly key: Key;
  readonly description?: string;
  readonly emails: readonly EmailAddress[];
  /** Key of the relay that carries it to a chat server. */
  readonly relay?: Key;
  /** Keys of connections, `all` written out. */
  readonly watch: readonly Key[];
  readonly pendingMinutes: number;
  /** 0: never. */
  readonly repeatMinutes: number;
  readonly heartbeat: boolean;
}

/** An API in one cloud that carries alarms home over that cloud's VPN. */
export interface Relay {
  readonly key: Key;
  readonly description?: string;
  /** `aws/tokyo` */
  readonly network: string;
  /** Key of the connection that carries the message home. */
  readonly connection: Key;
  readonly chat: Key;
  /** AWS: keys of the network's subnets. */
  readonly subnets: readonly Key[];
  /** OCI: subnets that are made for the gateway and for the functions. */
  readonly gatewayCidr?: Cidr;
  readonly functionCidr?: Cidr;
  readonly wayOut: "endpoints" | "nat";
  /** Who may call; nobody named: whoever has the token. */
  readonly allow: readonly Cidr[];
  readonly tokenEpoch: number;
  /** AWS: whether this site sets the role that API Gateway writes logs as, one a account and region. */
  readonly manageLogRole: boolean;
}

export interface Chat {
  readonly key: Key;
  readonly description?: string;
  readonly type: "mattermost" | "rocketchat" | "slack" | "teams" | "zulip" | "matrix" | "json";
  readonly url: SecretRef;
  readonly token?: SecretRef;
  readonly channel?: string;
  readonly language: "en" | "ja";
  /** Where it stands behind the controller; none: it is a service on the Internet. */
  readonly address?: IpAddress;
  readonly port: number;
  readonly ca?: CaCertificate;
}
