import { describe, expect, it } from "@jest/globals";
import { type Edits, edit, refusal, refusalOf } from "../../helpers/whole-site";

/** What is changed in a sound site, and the problems that it makes (none: it is taken). */
const CASES: readonly (readonly [name: string, edits: Edits, ...problems: string[]])[] = [
  [
    "refuses asn: 64512",
    [["asn: 65010", "asn: 64512"]],
    "controllers.tokyo.asn: must differ from networks.aws.tokyo.asn, got 64512; give each side its own ASN, for example 65010 (line 14)",
  ],
  [
    "refuses asn: 65010",
    [["asn: 65514", "asn: 65010"]],
    "controllers.tokyo.asn: must differ from networks.azure.kept.asn, got 65010; give each side its own ASN, for example 65020 (line 14)",
  ],
  [
    "refuses asn: 7224",
    [["asn: 65010", "asn: 7224"]],
    "controllers.tokyo.asn: must not be reserved by AWS, got 7224; use for example 65010 (line 14)",
  ],
  [
    "refuses asn: 10124",
    [["asn: 65010", "asn: 10124"]],
    "controllers.tokyo.asn: must not be reserved by AWS in ap-northeast-1, got 10124; use for example 65010 (line 14)",
  ],
  [
    "refuses asn: 17943",
    [["asn: 65010", "asn: 17943"]],
    "controllers.tokyo.asn: must not be reserved by AWS in ap-southeast-1, got 17943; use for example 65010 (line 14)",
  ],
  ["takes asn: 9059", [["asn: 65010", "asn: 9059"]]],
  [
    "refuses asn: 31898",
    [["asn: 65010", "asn: 31898"]],
    "controllers.tokyo.asn: must not be reserved by Oracle, got 31898; use for example 65010 (line 14)",
  ],
  [
    "refuses asn: 14544",
    [["asn: 65010", "asn: 14544"]],
    "controllers.tokyo.asn: must not be reserved by Oracle, got 14544; use for example 65010 (line 14)",
  ],
  [
    "refuses asn: 65534",
    [["asn: 65010", "asn: 65534"]],
    "controllers.tokyo.asn: must not be reserved by Oracle, got 65534; use for example 65010 (line 14)",
  ],
  [
    "refuses asn: 65515",
    [["asn: 65010", "asn: 65515"]],
    "controllers.tokyo.asn: must differ from networks.azure.japan.asn, got 65515; give each side its own ASN, for example 65010 (line 14)",
    "controllers.tokyo.asn: must not be reserved by Azure, got 65515; use for example 65010 (line 14)",
  ],
  [
    "refuses asn: 8074",
    [["asn: 65010", "asn: 8074"]],
    "controllers.tokyo.asn: must not be reserved by Azure, got 8074; use for example 65010 (line 14)",
  ],
  [
    "refuses asn: 8075",
    [["asn: 65010", "asn: 8075"]],
    "controllers.tokyo.asn: must not be reserved by Azure, got 8075; use for example 65010 (line 14)",
  ],
  [
    "refuses asn: 12076",
    [["asn: 65010", "asn: 12076"]],
    "controllers.tokyo.asn: must not be reserved by Azure, got 12076; use for example 65010 (line 14)",
  ],
  [
    "refuses asn: 65517",
    [["asn: 65010", "asn: 65517"]],
    "controllers.tokyo.asn: must not be reserved by Azure, got 65517; use for example 65010 (line 14)",
  ],
  [
    "refuses asn: 65520",
    [["asn: 65010", "asn: 65520"]],
    "controllers.tokyo.asn: must not be reserved by Azure, got 65520; use for example 65010 (line 14)",
  ],
  ["takes asn: 65516", [["asn: 65010", "asn: 65516"]]],
  ["takes asn: 65521", [["asn: 65010", "asn: 65521"]]],
  ["takes asn: 4200000000", [["asn: 65010", "asn: 4200000000"]]],
  ["takes asn: 65534", [["asn: 64513", "asn: 65534"]]],
  [
    "refuses asn: 64495",
    [["asn: 64512", "asn: 64495"]],
    "networks.aws.tokyo.asn: must be from 64512 to 65534 or from 4200000000 to 4294967294, got 64495; use for example 64512 (line 28)",
  ],
  [
    "refuses asn: 4199999999",
    [["asn: 64512", "asn: 4199999999"]],
    "networks.aws.tokyo.asn: must be from 64512 to 65534 or from 4200000000 to 4294967294, got 4199999999; use for example 64512 (line 28)",
  ],
  ["takes asn: 4200000000", [["asn: 64512", "asn: 4200000000"]]],
  [
    "refuses asn: 10124",
    [["asn: 64512", "asn: 10124"]],
    "networks.aws.tokyo.asn: must be from 64512 to 65534 or from 4200000000 to 4294967294, got 10124; use for example 64512 (line 28)",
  ],
  ["takes asn: 17943", [["asn: 64513", "asn: 17943"]]],
  [
    "refuses asn: 10124",
    [["asn: 64513", "asn: 10124"]],
    "networks.aws.old.asn: must be from 64512 to 65534 or from 4200000000 to 4294967294, got 10124; use for example 64512 (line 42)",
  ],
  [
    "refuses asn: 65517",
    [["asn: 65514", "asn: 65517"]],
    "networks.azure.kept.asn: must not be reserved by Azure, got 65517; use 65515, Azure's own default (line 78)",
  ],
  [
    "refuses asn: 65520",
    [["asn: 65514", "asn: 65520"]],
    "networks.azure.kept.asn: must not be reserved by Azure, got 65520; use 65515, Azure's own default (line 78)",
  ],
  ["takes asn: 65516", [["asn: 65514", "asn: 65516"]]],
  [
    "refuses asn: 12076",
    [["asn: 65514", "asn: 12076"]],
    "networks.azure.kept.asn: must not be reserved by Azure, got 12076; use 65515, Azure's own default (line 78)",
  ],
];

describe("asnsFit and cloudAsnsFit", () => {
  it.each(CASES)("%s", (_, edits, ...problems) => {
    expect(refusal(edit(edits))).toBe(refusalOf(problems));
  });
});
