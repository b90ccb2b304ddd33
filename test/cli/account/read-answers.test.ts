import { describe, expect, it } from "@jest/globals";
import { parseCredentialReport } from "../../../cli/aws/read-credentials";
import { hasAllManagementEvents } from "../../../cli/aws/read-trails";

const HEADER =
  "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated";
const ROOT =
  "<root_account>,arn:aws:iam::111122223333:root,2020-01-01T00:00:00+00:00,not_supported,2026-05-01T09:00:00+00:00,not_supported,not_supported,true,true,2024-01-01T00:00:00+00:00,2026-06-01T00:00:00+00:00,us-east-1,iam,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A";
const row = (name: string, cells: string): string => `${name},arn:aws:iam::111122223333:user/${name},${cells}`;

describe("a credential report", () => {
  it("tells when the root user was last seen, by password or by key", () => {
    const { rootLastUsedAt, users } = parseCredentialReport(`${HEADER}\n${ROOT}`);
    expect(rootLastUsedAt).toEqual(new Date("2026-06-01T00:00:00Z"));
    expect(users).toEqual([]);
  });

  it("tells what each person comes in by", () => {
    const used =
      "2025-01-01T00:00:00+00:00,true,2026-07-01T00:00:00+00:00,2025-01-02T00:00:00+00:00,N/A,true,true,2026-01-01T00:00:00+00:00,N/A,N/A,N/A,false,2024-01-01T00:00:00+00:00,N/A,N/A,N/A,false,N/A,false,N/A";
    const unused =
      "2025-01-01T00:00:00+00:00,true,no_information,2025-01-02T00:00:00+00:00,N/A,false,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A";
    const { users } = parseCredentialReport(`${HEADER}\r\n${row("hanako", used)}\r\n${row("taro", unused)}\r\n`);
    expect(users).toEqual([
      {
        name: "hanako",
        hasPassword: true,
        hasMfa: true,
        passwordUsedAt: new Date("2026-07-01T00:00:00Z"),
        accessKeys: [{ madeAt: new Date("2026-01-01T00:00:00Z"), usedAt: undefined }],
      },
      {
        name: "taro",
        hasPassword: true,
        hasMfa: false,
        passwordUsedAt: new Date("2025-01-02T00:00:00Z"),
        accessKeys: [],
      },
    ]);
  });

  it("reads a name that holds commas", () => {
    const cells =
      "2025-01-01T00:00:00+00:00,false,N/A,N/A,N/A,true,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A";
    const { users } = parseCredentialReport(`${HEADER}\n${row("a,b,c", cells)}`);
    expect(users).toMatchObject([{ name: "a,b,c", hasPassword: false, hasMfa: true }]);
  });
});

describe("a trail's event selectors", () => {
  it.each<[name: string, selectors: Parameters<typeof hasAllManagementEvents>[0], isWhole: boolean]>([
    ["as AWS sets them", { EventSelectors: [{ ReadWriteType: "All", IncludeManagementEvents: true }] }, true],
    ["writes only", { EventSelectors: [{ ReadWriteType: "WriteOnly", IncludeManagementEvents: true }] }, false],
    ["data events only", { EventSelectors: [{ ReadWriteType: "All", IncludeManagementEvents: false }] }, false],
    ["without KMS", { EventSelectors: [{ ExcludeManagementEventSources: ["kms.amazonaws.com"] }] }, false],
    [
      "advanced, all",
      { AdvancedEventSelectors: [{ FieldSelectors: [{ Field: "eventCategory", Equals: ["Management"] }] }] },
      true,
    ],
    [
      "advanced, writes only",
      {
        AdvancedEventSelectors: [
          {
            FieldSelectors: [
              { Field: "eventCategory", Equals: ["Management"] },
              { Field: "readOnly", Equals: ["false"] },
            ],
          },
        ],
      },
      false,
    ],
    ["none", {}, false],
  ])("%s", (_, selectors, isWhole) => {
    expect(hasAllManagementEvents(selectors)).toBe(isWhole);
  });
});
