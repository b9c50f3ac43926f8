/**
 * The engine process: forked with an IPC channel, it serves one session and ends with its parent.
 */

import { createMessageConnection, IPCMessageReader, IPCMessageWriter } from 'vscode-jsonrpc/node';
import { loadAddon } from './native/addon.ts';
import { prepareCache } from './native/cache-directory.ts';
import { notifier, serve } from './server.ts';
import { Session } from './session.ts';

/** How long work under way may take to stop once the parent is gone. */
const graceMs = 5_000;

/** The exit code of an unforeseen error (sysexits' EX_SOFTWARE). */
const softwareError = 70;

function main(): void {
  if (process.send === undefined) {
    process.stderr.write('Only the extension or the command line can start the engine.\n');
    process.exitCode = 2;
    return;
  }
  const connection = createMessageConnection(
    new IPCMessageReader(process),
    new IPCMessageWriter(process),
  );
  const listener = notifier(connection);
  const session = prepareCache().then(async ({ directory, notice }) => {
    if (notice !== null) listener.onLog('warn', notice);
    return new Session(await loadAddon(directory), directory, listener);
  });
  // Every request reports it; until one comes, nothing listens.
  session.catch(() => undefined);

  process.on('uncaughtException', (error) => {
    process.stderr.write(`${error.stack ?? error.message}\n`);
    process.exit(softwareError);
  });
  /** Lets the work under way stop and put its files away. */
  const closeThen = (end: () => void): void => {
    // Native work that is not over by then is given up together with the process.
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), graceMs).unref();
    session
      .then((engine) => engine.close())
      .catch(() => undefined)
      .finally(end);
  };
  // Both reach every process of a terminal's group; the parent decides what they mean.
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
  process.once('SIGTERM', () => {
    // By then nothing handles it any more: it ends the process as it ends any other.
    closeThen(() => process.kill(process.pid, 'SIGTERM'));
  });
  process.once('disconnect', () => {
    closeThen(() => process.exit(0));
  });

  serve(connection, session, listener.onLog);
  connection.listen();
}

main();
