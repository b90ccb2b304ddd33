/** What is known of something, or why nothing is. */
export type Known<T> = { readonly is: T } | { readonly isUnknown: string };

/** What the report is made from: of an account as it is, or as the site file would make it. */
export interface AccountFacts {
  readonly directory: Directory;
  readonly attachments: Known<Attachments>;
  readonly credentials: Known<Credentials>;
  readonly root: Known<RootUser>;
  readonly passwords: Known<PasswordRules>;
  /** Names of server certificates in IAM that have expired. */
  readonly expiredCertificates: Known<readonly string[]>;
  readonly trails: Known<readonly TrailFacts[]>;
  readonly watch: Known<Watch>;
}

/** Who is in which group, with which policies. */
export interface Directory {
  /** IAM groups; with IAM Identity Center, permission sets that the account knows. */
  readonly groups: readonly GroupFacts[];
  readonly users: readonly UserFacts[];
}

/** Who holds what few should. */
export interface Attachments {
  /** Policies of the account's own that allow everything on everything, where they are attached to something. */
  readonly fullPolicies: readonly string[];
  /** What AWS's support policy is attached to. */
  readonly supportHolders: readonly string[];
  /** What AWSCloudShellFullAccess is attached to. */
  readonly cloudShellHolders: readonly string[];
}

export interface GroupFacts {
  readonly name: string;
  /** Names; an inline one says so. */
  readonly policies: readonly string[];
  readonly members: readonly string[];
}

export interface UserFacts {
  readonly name: string;
  /** On the person, which none should be. */
  readonly policies: readonly string[];
}

/** From the account's credential report, which may be four hours old. */
export interface Credentials {
  readonly rootLastUsedAt?: Date;
  readonly users: readonly UserCredentials[];
}

export interface UserCredentials {
  readonly name: string;
  readonly hasPassword: boolean;
  readonly hasMfa: boolean;
  /** When it was last used; where never, when it was set. */
  readonly passwordUsedAt?: Date;
  /** Active ones. */
  readonly accessKeys: readonly { readonly madeAt?: Date; readonly usedAt?: Date }[];
}

export interface RootUser {
  readonly hasAccessKeys: boolean;
  readonly hasMfa: boolean;
  /** An app on a telephone, which a thief can copy, rather than a key that can't be. */
  readonly isMfaVirtual: boolean;
}

export interface PasswordRules {
  readonly minimumLength: number;
  /** 0: an old one may come back at once. */
  readonly reusePrevention: number;
}

export interface TrailFacts {
  readonly name: string;
  readonly isLogging: boolean;
  readonly isMultiRegion: boolean;
  /** Whether it records management events, both reads and writes. */
  readonly hasManagementEvents: boolean;
  readonly isValidated: boolean;
  readonly hasKey: boolean;
  readonly isKeyRotated: Known<boolean>;
  readonly isAccessLogged: Known<boolean>;
  readonly logGroup?: string;
}

/** What looks at the trails' log groups. */
export interface Watch {
  readonly filters: readonly FilterFacts[];
  readonly alarms: readonly AlarmFacts[];
  /** How many confirmed subscribers a topic has, by its ARN. */
  readonly subscribers: ReadonlyMap<string, Known<number>>;
}

export interface FilterFacts {
  readonly logGroup: string;
  readonly pattern: string;
  /** `namespace/name`. */
  readonly metrics: readonly string[];
}

export interface AlarmFacts {
  readonly name: string;
  /** `namespace/name`. */
  readonly metric: string;
  /** ARNs; none where actions are disabled. */
  readonly actions: readonly string[];
}
