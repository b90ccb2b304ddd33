import { LIBRESWAN_VERSIONS } from "../../../config/schema/controllers";
import { renderReport } from "../../../libreswan/migrate/render-report";
import { migrateSample, SAMPLES } from "./samples";

describe.each(SAMPLES)("%s", (name) => {
  test.each(LIBRESWAN_VERSIONS)("becomes this text for %s", (target) => {
    const { text, secrets } = migrateSample(name, target);
    expect(`${text}\n--- secrets\n${secrets}`).toMatchSnapshot();
  });

  test("is reported like this for 4.10", () => {
    expect(renderReport(migrateSample(name, "4.10"), { color: false })).toMatchSnapshot();
  });

  test("is well once migrated: migrating the new text again finds no error and no warning", () => {
    for (const target of LIBRESWAN_VERSIONS) {
      const { text, secrets } = migrateSample(name, target);
      const { migrateConf } = jest.requireActual<typeof import("../../../libreswan/migrate/migrate-conf")>(
        "../../../libreswan/migrate/migrate-conf",
      );
      const again = migrateConf({ conf: text, confName: "new.conf", secrets, target });
      const left = again.findings.filter(({ verdicts }) => verdicts[target] !== "ok");
      expect({ target, left }).toEqual({ target, left: [] });
      expect(again.text).toBe(text);
    }
  });
});
