const { createHash } = require("node:crypto");
const { readFileSync } = require("node:fs");

// Lets a test import a shell script as text, as the bundler does. The file is read here because Jest hands over its text without
// a first line that begins with `#!`; the key is made here because Jest's own would outlive a change of this file.
module.exports = {
  process: (_text, file) => ({ code: `module.exports = ${JSON.stringify(readFileSync(file, "utf8"))};` }),
  getCacheKey: (_text, file) =>
    createHash("sha256").update(file).update(readFileSync(file)).update(readFileSync(__filename)).digest("hex"),
};
