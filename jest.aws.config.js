// Tests against moto's server, a real AWS API emulator over HTTP: `npm run test:aws` starts it.
module.exports = {
  ...require("./jest.config.js"),
  roots: ["<rootDir>/test/aws"],
  testMatch: ["**/*.aws.ts"],
  testTimeout: 300_000,
  maxWorkers: 1,
};
