import type { Site } from "./site";
import type { Warning } from "./warning";

/** What a sound `accounts` section should know about itself. */
export function accountWarnings({ accounts }: Site): Warning[] {
  return accounts.flatMap(({ key, alarm, alarmTopicArn, mfa, mfaOffReason, users, identityCenter }): Warning[] => {
    const path = ["accounts", key];
    const admins = users.filter(({ roles }) => roles.includes("admin")).length;
    return [
      ...(alarm === undefined && alarmTopicArn === undefined
        ? [{ path, text: "has alarms that tell nobody", why: "name a road by alarm: CIS asks for one that is read" }]
        : []),
      ...(identityCenter && mfa !== "off"
        ? [
            {
              path: [...path, "mfa"],
              text: "is not Terraform's to set with IAM Identity Center",
              why: "set it under Settings, Authentication, in the Identity Center console, or in your identity provider",
            },
          ]
        : []),
      ...(mfa === "off"
        ? [{ path: [...path, "mfa"], text: `is off (${mfaOffReason})`, why: "a password alone opens the account" }]
        : []),
      ...(mfa === "recommend" && !identityCenter
        ? [
            {
              path: [...path, "mfa"],
              text: "is only recommended",
              why: "a password alone opens the account; use require",
            },
          ]
        : []),
      ...(admins === 1 && !identityCenter
        ? [
            {
              path: [...path, "users"],
              text: "have one administrator",
              why: "who loses the second factor then needs the root user; name a second one",
            },
          ]
        : []),
    ];
  });
}
