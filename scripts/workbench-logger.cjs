/**
 * Replaces @vscode/spdlog, whose native part is not built for the tests' workbench. Log files and
 * output channels get the same lines.
 */
const fs = require('node:fs');
const path = require('node:path');

/** spdlog's levels, lowest first. */
const levels = /** @type {const} */ (['trace', 'debug', 'info', 'warning', 'error', 'critical']);

let globalLevel = levels.indexOf('info');

const doNothing = () => undefined;
const setFlushOn = doNothing;
const shutdown = doNothing;

/**
 * Makes a log file with spdlog's interface.
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

/** Returns the local time in the format of VS Code's log files. */
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

// Only in this form can ES modules import the names.
module.exports = {
  setLevel,
  setFlushOn,
  shutdown,
  createRotatingLogger,
  createAsyncRotatingLogger,
};
