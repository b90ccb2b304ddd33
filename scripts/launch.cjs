// Runs a bundle, with the code that V8 compiled of it in an earlier run kept beside it. That file is named after the bundle,
// whose own name holds its content's hash, and after V8's version, flags and CPU: a stale one is never found. Where it can't be
// read or written the bundle runs as it is.
const { readFileSync, renameSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const { cachedDataVersionTag } = require("node:v8");
const { Script } = require("node:vm");

/** @param name the bundle's file in this folder. @param caller the module that stands for the bundle: `require.main`, if run. */
module.exports = function launch(name, caller, callersRequire) {
  const filename = join(__dirname, name);
  const cache = `${filename}.${process.arch}-${cachedDataVersionTag().toString(16)}.cache`;
  const cachedData = readCache(cache);
  const script = compile(filename, cachedData);
  if (!cachedData || script.cachedDataRejected) process.on("exit", (code) => keep(cache, script, code));
  script.runInThisContext()(caller.exports, callersRequire, caller, filename, __dirname);
};

function compile(filename, cachedData) {
  // The bundler writes ASCII only, and latin1 is read fastest.
  const text = readFileSync(filename, "latin1");
  return new Script(`(function (exports, require, module, __filename, __dirname) {${text}\n})`, {
    filename,
    cachedData,
  });
}

function readCache(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** After a run that went well: by then V8 has compiled what such a run needs. */
function keep(file, script, code) {
  if (code !== 0) return;
  try {
    const own = `${file}.${process.pid}`;
    writeFileSync(own, script.createCachedData());
    renameSync(own, file);
  } catch {
    // A folder that can't be written to, or a full disk: the next run compiles again.
  }
}
