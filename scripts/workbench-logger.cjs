/**
 * Stands in for @vscode/spdlog, whose native part is not built in the workbench of the tests:
 * log files and output channels get the same lines.
 */
const fs = require('node:fs');
const path = require('node:path');

/** spdlog's levels, least first. */
const levels = /** @type {const} */ (['trace', 'debug', 'info', 'warning', 'error', 'critical']);

let globalLevel = levels.indexOf('info');

const doNothing = () => undefined;
const setFlushOn = doNothing;
const shutdown = doNothing;

/**
 * One log file with spdlog's interface.
 * @param {string} file
 */
function createLogger(file) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const handle = fs.openSync(file, 'a');
  let level = globalLevel;
  let raw = false;
  let open = true;
  /** @param {number} lineLevel */
  const writer = (lineLevel) => (/** @type {string} */ message) => {
    if (!open || lineLevel < level) return;
    const line = raw ? message : `${timestamp()} [${levels[lineLevel] ?? ''}] ${message}\n`;
    fs.writeSync(handle, line);
  };
  return {
    trace: writer(0),
    debug: writer(1),
    info: writer(2),
    warn: writer(3),
    error: writer(4),
    critical: writer(5),
    getLevel: () => level,
    setLevel: (/** @type {number} */ value) => {
      level = value;
    },
    setPattern: doNothing,
    clearFormatters: () => {
      raw = true;
    },
    flush: doNothing,
    drop: () => {
      if (open) fs.closeSync(handle);
      open = false;
    },
  };
}

/** Local time as VS Code's log files show it. */
function timestamp() {
  const now = new Date();
  const local = new Date(now.getTime() - now.getTimezoneOffset() * 60_000);
  return local.toISOString().replace('T', ' ').replace('Z', '');
}

/**
 * @param {string} _name
 * @param {string} file
 */
const createRotatingLogger = (_name, file) => Promise.resolve(createLogger(file));
const createAsyncRotatingLogger = createRotatingLogger;

/** @param {number} level */
const setLevel = (level) => {
  globalLevel = level;
};

// In this form alone the names are seen by those who import it as an ES module.
module.exports = {
  setLevel,
  setFlushOn,
  shutdown,
  createRotatingLogger,
  createAsyncRotatingLogger,
};
