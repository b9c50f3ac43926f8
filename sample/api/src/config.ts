import type { LogLevel } from './support/logger.ts';

export const DEFAULT_PORT = 4070;
export const DEFAULT_JOURNAL_PATH = 'data/journal.jsonl';
export const DEFAULT_JOB_FOLDER = 'data/jobs';
export const ENVIRONMENT_PREFIX = 'RONDO_';

export interface Config {
  readonly port: number;
  readonly journalPath: string;
  readonly jobFolder: string;
  readonly logLevel: LogLevel;
  /** Keys that the API accepts; empty: every request is accepted. */
  readonly apiKeys: readonly string[];
}

/** Reads the configuration from environment variables such as RONDO_PORT. */
export function loadConfig(environment: NodeJS.ProcessEnv): Config {
  const read = (name: string): string | undefined => environment[`${ENVIRONMENT_PREFIX}${name}`];
  return {
    port: parsePort(read('PORT')),
    journalPath: read('JOURNAL') ?? DEFAULT_JOURNAL_PATH,
    jobFolder: read('JOBS') ?? DEFAULT_JOB_FOLDER,
    logLevel: read('LOG') === 'debug' ? 'debug' : 'info',
    apiKeys: (read('API_KEYS') ?? '').split(',').filter((key) => key !== ''),
  };
}

/** A port from a string; the default where there is none. */
export function parsePort(text: string | undefined): number {
  if (text === undefined) return DEFAULT_PORT;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new RangeError(`"${text}" is not a port.`);
  }
  return port;
}
