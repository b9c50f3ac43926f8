import { mkdir, open, readFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type { Logger } from '../support/logger.ts';

export interface JournalEntry {
  readonly kind: string;
  readonly value: unknown;
}

/** Everything that happened, one JSON document a line; read at the start, then only written to. */
export class Journal {
  readonly #file: FileHandle;
  readonly #entries: readonly JournalEntry[];

  private constructor(file: FileHandle, entries: readonly JournalEntry[]) {
    this.#file = file;
    this.#entries = entries;
  }

  static async open(journalPath: string, logger: Logger): Promise<Journal> {
    await mkdir(path.dirname(journalPath), { recursive: true });
    const entries = await readEntries(journalPath, logger);
    return new Journal(await open(journalPath, 'a'), entries);
  }

  /** What was in the journal when it was opened. */
  get entries(): readonly JournalEntry[] {
    return this.#entries;
  }

  async append(entry: JournalEntry): Promise<void> {
    await this.#file.appendFile(`${JSON.stringify(entry)}\n`);
    await this.#file.datasync();
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

/** A last line that was cut off is skipped; any other fault is an error. */
async function readEntries(journalPath: string, logger: Logger): Promise<JournalEntry[]> {
  const text = await readFile(journalPath, 'utf8').catch(() => '');
  const lines = text.split('\n');
  const entries: JournalEntry[] = [];
  for (const [index, line] of lines.entries()) {
    if (line === '') continue;
    try {
      entries.push(JSON.parse(line) as JournalEntry);
    } catch (error) {
      if (index < lines.length - 1) {
        throw new Error(`${journalPath}:${index + 1} is damaged`, { cause: error });
      }
      logger.info('skipping the last line of the journal, which was cut off');
    }
  }
  return entries;
}
