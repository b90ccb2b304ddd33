// The whole road of alarms, from Oracle's message to the chat: `npm run test:road` starts the AWS emulator that it needs.
module.exports = {
  ...require("./jest.config.js"),
  roots: ["<rootDir>/test/road"],
  testMatch: ["**/*.road.ts"],
  reporters: ["<rootDir>/test/helpers/line-a-test-reporter.js", "<rootDir>/test/helpers/closing-line-reporter.js"],
  testTimeout: 300_000,
  maxWorkers: 1,
};
