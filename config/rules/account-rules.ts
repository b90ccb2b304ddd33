import type { Problem } from "../problems";
import { resourceName } from "../resource-names";
import { missing } from "./alarm-rules";
import type { Draft } from "./draft";

/** Cross-field rules of `accounts`. */
export function accountsFit(draft: Draft): Problem[] {
  return [...draft.accounts].flatMap(([key, account]) => {
    const path = ["accounts", key];
    return [
      ...(account.alarm === undefined
        ? []
        : missing([...path, "alarm"], "an alarm", account.alarm, draft.declared.alarms)),
      ...topicProblems(path, account),
      ...reasonProblems(path, account),
      ...roleProblems(path, account),
      ...userProblems(path, account),
      ...directoryProblems(path, account),
      ...trailProblems(path, account),
    ];
  });
}

type Entry = Draft["accounts"] extends ReadonlyMap<string, infer E> ? E : never;
type Path = readonly string[];

function reasonProblems(path: Path, { mfa, mfaOffReason }: Entry): Problem[] {
  if (mfa === "off" && mfaOffReason === undefined) {
    const fix = "say why nobody needs a second factor, or use mfa: require";
    return [{ path: [...path, "mfaOffReason"], rule: "is required where mfa is off", fix }];
  }
  if (mfa === "off" || mfaOffReason === undefined) return [];
  const rule = `must not be given where mfa is ${mfa}`;
  return [{ path: [...path, "mfaOffReason"], rule, got: mfaOffReason, fix: "remove it" }];
}

/** The roads' topics stand in the site's own account, and an alarm acts on its own account's topics. */
function topicProblems(path: Path, { alarm, alarmTopicArn, roleArn, region }: Entry): Problem[] {
  if (alarm !== undefined && roleArn !== undefined) {
    const rule = "must not be given with roleArn: the road begins in the site's own account";
    return [{ path: [...path, "alarm"], rule, got: alarm, fix: "use alarmTopicArn" }];
  }
  if (alarm !== undefined && alarmTopicArn !== undefined) {
    return [{ path: [...path, "alarmTopicArn"], rule: "must not be given beside alarm", fix: "remove one of the two" }];
  }
  if (alarmTopicArn === undefined || alarmTopicArn.split(":")[3] === region) return [];
  const rule = `must be a topic in ${region}`;
  return [{ path: [...path, "alarmTopicArn"], rule, got: alarmTopicArn, fix: "name a topic beside the trail" }];
}

function roleProblems(path: Path, { accountId, roleArn }: Entry): Problem[] {
  if (roleArn === undefined || accountId === undefined || roleArn.split(":")[4] === accountId) return [];
  const rule = `must be a role of account ${accountId}`;
  return [{ path: [...path, "roleArn"], rule, got: roleArn, fix: "correct one of accountId and roleArn" }];
}

/** IAM compares user names without regard to case. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
function userProblems(path: Path, { users }: Entry): Problem[] {
  const seen = new Map<string, string>();
  return Object.entries(users).flatMap(([name, { roles }]): Problem[] => {
    const at = [...path, "users", name];
    const first = seen.get(name.toLowerCase());
    seen.set(name.toLowerCase(), first ?? name);
    const twice = roles.find((role, index) => roles.indexOf(role) !== index);
    return [
      ...(first === undefined
        ? []
        : [
            {
              path: at,
              rule: `must differ from ${first} in more than capital letters: IAM takes them for one`,
              fix: "rename one",
            },
          ]),
      ...(roles.length > 1 && roles.includes("admin")
        ? [
            {
              path: [...at, "roles"],
              rule: "must be admin alone: an administrator has what the others have, and they are kept from the record",
              fix: "remove the others, or give the person a second user for daily work",
            },
          ]
        : []),
      ...(twice === undefined
        ? []
        : [{ path: [...at, "roles"], rule: `must name ${twice} once`, fix: "remove the second one" }]),
    ];
  });
}

const PERSON_FIELDS = ["givenName", "familyName", "email"] as const;

function directoryProblems(path: Path, { users, identityCenter }: Entry): Problem[] {
  const people = Object.entries(users);
  if (identityCenter?.directory === "external" && people.length > 0) {
    const rule = "must not be given where identityCenter.directory is external: the identity provider has them";
    return [{ path: [...path, "users"], rule, fix: "remove them, or use directory: own" }];
  }
  return people.flatMap(([name, user]) =>
    PERSON_FIELDS.filter((field) => (user[field] === undefined) === (identityCenter !== undefined)).map(
      (field): Problem =>
        identityCenter
          ? {
              path: [...path, "users", name, field],
              rule: "is required with identityCenter",
              fix: `add the person's ${field}`,
            }
          : {
              path: [...path, "users", name, field],
              rule: "must not be given without identityCenter: IAM does not keep it",
              fix: "remove it",
            },
    ),
  );
}

function trailProblems(path: Path, { trail }: Entry): Problem[] {
  const at = [...path, "trail"];
  const { retentionDays, archiveAfterDays, objectLock } = trail;
  const problems: Problem[] = [];
  if (archiveAfterDays >= retentionDays) {
    const rule = `must be less than retentionDays (${retentionDays})`;
    const fix = "archive earlier or keep longer";
    problems.push({ path: [...at, "archiveAfterDays"], rule, got: archiveAfterDays, fix });
  }
  if (objectLock && objectLock.days > retentionDays) {
    const rule = `must be at most retentionDays (${retentionDays}): a locked file can't be deleted when its life ends`;
    problems.push({
      path: [...at, "objectLock", "days"],
      rule,
      got: objectLock.days,
      fix: "lock shorter or keep longer",
    });
  }
  return problems;
}

/** Two entries for one account would fight over its one password policy and its groups. */
export function accountsAreApart(draft: Draft): Problem[] {
  const seen = new Map<string, string>();
  return [...draft.accounts].flatMap(([key, { accountId, roleArn }]): Problem[] => {
    const id = accountId ?? roleArn?.split(":")[4];
    const first = id === undefined ? undefined : seen.get(id);
    if (id !== undefined) seen.set(id, first ?? key);
    if (id === undefined && draft.declared.accounts.size > 1) {
      const fix = "add the account's 12 digits, in quotes";
      return [{ path: ["accounts", key, "accountId"], rule: "is required where there are several accounts", fix }];
    }
    if (first === undefined) return [];
    const rule = `must not be the account of accounts.${first}`;
    return [{ path: ["accounts", key], rule, got: id, fix: "merge the two" }];
  });
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const LONGEST_BUCKET_NAME = 63;
const LONGEST_SUFFIX = "-trail-access-111122223333".length;

/** A bucket's name is unique in the world: the account's id ends it. */
export function accountNamesFit({ site, accounts }: Draft): Problem[] {
  if (site === undefined) return [];
  const most = LONGEST_BUCKET_NAME - LONGEST_SUFFIX;
  return [...accounts.keys()].flatMap((key): Problem[] => {
    const name = resourceName(site, key);
    if (name.length <= most) return [];
    const rule = `must make names of at most ${most} characters (an S3 bucket, with its suffix)`;
    return [{ path: ["accounts", key], rule, got: name, fix: "use a shorter key or site name" }];
  });
}
