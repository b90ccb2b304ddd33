import { chooseNotifier } from "../../../cli/notify/choose-notifier";
import { parseSite } from "../../../config/parse-site";

const site = (...keys: string[]) =>
  parseSite(
    `site: demo\ncontrollers: {}\nnetworks: {}\nnotifiers: { ${keys.map((key) => `${key}: { region: ap-northeast-1 }`).join(", ")} }\n`,
    "site.yaml",
  );

test.each([
  [["partners"], undefined, "partners"],
  [["campus", "partners"], "partners", "partners"],
])("of %j, %s: %s", (keys, key, expected) => {
  expect(chooseNotifier(site(...keys), "site.yaml", key).key).toBe(expected);
});

test.each([
  [
    [],
    undefined,
    "site.yaml: 1 problem\n  notifiers: must hold a notifier; add one, for example partners: { region: … }",
  ],
  [
    ["campus", "partners"],
    undefined,
    "notify: 1 problem\n  --notifier: must name a notifier of the site file; known are campus, partners",
  ],
  [
    ["partners"],
    "partnrs",
    'notify: 1 problem\n  --notifier: must name a notifier of the site file, got "partnrs"; known are partners',
  ],
])("of %j, %s is refused", (keys, key, message) => {
  expect(() => chooseNotifier(site(...keys), "site.yaml", key)).toThrow(new Error(message));
});
