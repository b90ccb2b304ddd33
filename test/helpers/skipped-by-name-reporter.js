// Lists the tests that did not run, with the reason that their names give.
module.exports = class SkippedByNameReporter {
  onRunComplete(_contexts, { testResults }) {
    const skipped = testResults.flatMap(({ testResults: tests }) =>
      tests.filter(({ status }) => status === "pending").map(({ fullName }) => fullName),
    );
    if (skipped.length > 0) process.stdout.write(`\nSkipped here:\n${skipped.map((name) => `  ${name}`).join("\n")}\n`);
  }
};
