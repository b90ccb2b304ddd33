module.exports = {
  testEnvironment: "node",
  // A loaded machine of two cores; what is slow is measured by `npm run bench`, not here.
  testTimeout: 60_000,
  // Much of it waits for other programs: jest's own choice, all cores but one, is slow on two.
  maxWorkers: "100%",
  roots: ["<rootDir>/test"],
  testMatch: ["**/*.test.ts"],
  reporters: [
    "default",
    "<rootDir>/test/helpers/skipped-by-name-reporter.js",
    "<rootDir>/test/helpers/closing-line-reporter.js",
  ],
  transform: {
    "^.+\\.(ts|js)$": [
      "@swc/jest",
      { jsc: { target: "es2022", parser: { syntax: "typescript" } }, module: { type: "commonjs" } },
    ],
    "^.+\\.(sh|tmpl|yaml)$": "<rootDir>/test/helpers/text-transform.js",
  },
  // @cdktf/provider-oci is published as ES modules.
  transformIgnorePatterns: ["/node_modules/(?!(@cdktf/provider-oci)/)"],
  moduleFileExtensions: ["ts", "js", "json", "sh", "tmpl", "yaml"],
};
