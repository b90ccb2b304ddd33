// One line a test, as soon as it is through, and what is wrong below it. Without Jest's own summary, so that another reporter's
// line can be the last one.
const SIGNS = { passed: "✓", failed: "✗", pending: "-" };

module.exports = class LineATestReporter {
  onTestCaseResult(_test, { status, title, duration, failureMessages }) {
    const seconds = ((duration ?? 0) / 1000).toFixed(1);
    process.stdout.write(`${SIGNS[status] ?? "?"} ${title} (${seconds} s)\n`);
    for (const message of failureMessages) process.stdout.write(`${message}\n`);
  }

  onTestResult(_test, { testExecError }) {
    if (testExecError) process.stdout.write(`${testExecError.stack ?? testExecError.message}\n`);
  }
};
