import type { Construct } from "constructs";
import {
  type Account,
  type IdentityCenter,
  ownPolicyNames,
  permissionSetName,
  ROLE_POLICIES,
  ROLES,
} from "../config/account";
import { CIS_ALARMS, CIS_VERSION, OWN_ALARMS, type TrailAlarm } from "../config/cis-monitoring";
import { alarmTopicName, resourceName } from "../config/resource-names";
import { renderAlarmText } from "../functions/common/alarm-label";
import { alarmTopicArn } from "../modules/aws/account";
import { AwsIamPeople } from "../modules/aws/iam-people";
import { AwsIdentityCenter } from "../modules/aws/identity-center";
import { AwsTrail } from "../modules/aws/trail";
import { AwsTrailAlarms } from "../modules/aws/trail-alarms";
import { applyTags } from "../modules/common/tags";
import { addAwsAccountProvider, addBackend, type StackBackend } from "./providers";
import { SiteStack } from "./site-stack";

export interface AccountStackProps {
  /** Every resource's name begins with it, but for groups and users, which an account has once. */
  readonly site: string;
  readonly account: Account;
  readonly tags: Readonly<Record<string, string>>;
  readonly backend: StackBackend;
}

/** One AWS account: its people, and the record of what they do. */
export class AccountStack extends SiteStack {
  constructor(scope: Construct, name: string, props: AccountStackProps) {
    super(scope, name);
    const { site, account } = props;
    const base = resourceName(site, account.key);
    addAwsAccountProvider(this, account);
    addBackend(this, name, props.backend);
    const trailName = `${base}-trail`;
    if (account.identityCenter) this.makeDirectory(base, trailName, account, account.identityCenter);
    else this.makePeople(base, trailName, account);
    const trail = new AwsTrail(this, "trail", {
      name: trailName,
      region: account.region,
      retentionDays: account.trail.retentionDays,
      archiveAfterDays: account.trail.archiveAfterDays,
      logRetentionDays: account.trail.logRetentionDays,
      objectLock: account.trail.objectLock,
    });
    new AwsTrailAlarms(this, "alarms", {
      name: base,
      logGroupName: trail.logGroupName,
      alarms: [...CIS_ALARMS, ...OWN_ALARMS].map((alarm) => ({
        key: alarmKey(alarm),
        pattern: alarm.pattern,
        description: renderAlarmText(sentence(alarm), {
          kakehashi: 1,
          site,
          kind: "other",
          subject: `account ${account.key}`,
        }),
      })),
      actions: this.alarmActions(site, account),
    });
    applyTags(this, props.tags);
  }

  private alarmActions(site: string, { region, alarm, alarmTopicArn: existing }: Account): string[] {
    if (existing !== undefined) return [existing];
    return alarm === undefined ? [] : [alarmTopicArn(this, region, alarmTopicName(site, alarm))];
  }

  private makePeople(base: string, trailName: string, { region, mfa, signIn, users }: Account): void {
    new AwsIamPeople(this, "people", {
      name: base,
      policyNames: ownPolicyNames(base),
      mfa,
      trail: { name: trailName, region },
      passwords: signIn,
      users: users.map(({ name }) => name),
      groups: ROLES.map((role) => ({
        ...ROLE_POLICIES[role],
        members: users.filter(({ roles }) => roles.includes(role)).map(({ name }) => name),
      })),
    });
  }

  private makeDirectory(base: string, trailName: string, { region, users }: Account, center: IdentityCenter): void {
    new AwsIdentityCenter(this, "identity-center", {
      name: base,
      directory: center.directory,
      accountIds: center.accountIds,
      sessionHours: center.sessionHours,
      trail: { name: trailName, region },
      users: users.map(({ name, givenName = "", familyName = "", email = "" }) => ({
        name,
        givenName,
        familyName,
        email,
      })),
      groups: ROLES.map((role) => ({
        role,
        permissionSetName: permissionSetName(base, role),
        displayName: center.groups[role],
        managedPolicies: ROLE_POLICIES[role].managedPolicies,
        isKeptFromRecord: ROLE_POLICIES[role].isKeptFromRecord,
        members: users.filter(({ roles }) => roles.includes(role)).map(({ name }) => name),
      })),
    });
  }
}

function alarmKey({ key, recommendation }: TrailAlarm): string {
  return recommendation === undefined ? key : `cis-${recommendation}-${key}`;
}

function sentence({ sentence: text, recommendation }: TrailAlarm): string {
  return recommendation === undefined
    ? text
    : `${text} (CIS AWS Foundations Benchmark ${CIS_VERSION}, ${recommendation})`;
}
