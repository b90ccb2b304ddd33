// Lets a test import a shell script as text, as the bundler does.
module.exports = { process: (text) => ({ code: `module.exports = ${JSON.stringify(text)};` }) };
