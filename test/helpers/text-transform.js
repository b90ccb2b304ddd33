const { readFileSync } = require("node:fs");

// Lets a test import a shell script as text, as the bundler does. The file is read here because Jest hands over its text without
// a first line that begins with `#!`.
module.exports = {
  process: (_text, file) => ({ code: `module.exports = ${JSON.stringify(readFileSync(file, "utf8"))};` }),
};
