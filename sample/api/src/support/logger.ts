export type LogLevel = 'debug' | 'info';

export interface Logger {
  debug(text: string): void;
  info(text: string): void;
  error(text: string): void;
}

export function createLogger(level: LogLevel): Logger {
  const write = (kind: string, text: string): void => {
    process.stderr.write(`${new Date().toISOString()} ${kind} ${text}\n`);
  };
  return {
    debug: (text) => {
      if (level === 'debug') write('debug', text);
    },
    info: (text) => write('info', text),
    error: (text) => write('error', text),
  };
}
