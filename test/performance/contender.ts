import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { lowerPriority } from '../../extension/engine-client/priority.ts';
import { Random } from '../quality/generator/random.ts';

/** The settings that both engines share, so that they do the same work. */
export interface ContenderSettings {
  readonly model: string;
  readonly threads: number;
  /** The tokens of one prefill step. */
  readonly chunkTokens: number;
  readonly clock: ClockName;
  /** Overrides of our policy's parameters, such as another layout. */
  readonly policyParameters?: Readonly<Record<string, string>> | undefined;
  /** Computes at the engine process's priority instead of the normal one. */
  readonly guest?: boolean | undefined;
}

/**
 * `wall` is the time that a user waits. `cpu` is the computing time of the process: with one thread
 * it is the same on a busy machine; with several it includes their waiting for each other.
 */
export const clockNames = ['wall', 'cpu'] as const;
export type ClockName = (typeof clockNames)[number];

/** Returns a clock that counts seconds from an arbitrary start. */
export function createClock(name: ClockName): () => number {
  if (name === 'wall') return () => performance.now() / 1000;
  return () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  };
}

/** How our engine evicts: by the default policy, without scores, or by the idle pass's policy. */
const evictions = ['default', 'streaming', 'refine'] as const;
export type Eviction = (typeof evictions)[number];

interface PrefillWork {
  readonly tokens: number;
  /** The budget of an engine that evicts. */
  readonly heldTokens: number;
  readonly eviction: Eviction;
}

/** A question to a filled memory, and the length of its answer in tokens. */
export interface AnswerWork {
  readonly context: number;
  readonly promptTokens: number;
  readonly tokens: number;
}

export interface AnswerTime {
  readonly firstTokenSeconds: number;
  /** The mean over the tokens after the first. */
  readonly tokenSeconds: number;
}

/** An engine to time. Each call starts from an empty cache. */
export interface Contender {
  prefill(work: PrefillWork): Promise<PrefillTime>;
  /** Generates tokens after a context of the given length, attending to all of it. */
  decode(work: { readonly context: number; readonly tokens: number }): Promise<DecodeTime>;
}

interface PrefillTime {
  readonly seconds: number;
  /** The share of time spent on scoring and compaction; 0 if there is none. */
  readonly evictionShare: number;
}

interface DecodeTime {
  /** For each token except the first few. */
  readonly seconds: readonly number[];
}

/** Our own engine, whose number of threads can be set. */
export interface OurContender extends Contender {
  answer(work: AnswerWork): Promise<AnswerTime>;
  /** 0 lets the engine choose. */
  setThreads(threads: number): Promise<void>;
}

const settingsSchema = z.object({
  model: z.string(),
  threads: z.number(),
  chunkTokens: z.number(),
  clock: z.enum(clockNames),
  policyParameters: z.record(z.string(), z.string()).optional(),
});

const requestSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('prefill'),
    tokens: z.number(),
    heldTokens: z.number(),
    eviction: z.enum(evictions),
  }),
  z.object({ kind: z.literal('decode'), context: z.number(), tokens: z.number() }),
  z.object({
    kind: z.literal('answer'),
    context: z.number(),
    promptTokens: z.number(),
    tokens: z.number(),
  }),
  z.object({ kind: z.literal('threads'), threads: z.number() }),
]);

const replySchema = z.union([
  z.object({ ready: z.literal(true) }),
  z.object({ prefill: z.object({ seconds: z.number(), evictionShare: z.number() }) }),
  z.object({ decode: z.object({ seconds: z.array(z.number()) }) }),
  z.object({ answer: z.object({ firstTokenSeconds: z.number(), tokenSeconds: z.number() }) }),
  z.object({ threads: z.number() }),
]);

type Request = z.infer<typeof requestSchema>;
type Reply = z.infer<typeof replySchema>;

/** Ordinary tokens of the tests' vocabulary, the same for every engine. */
export function benchmarkTokens(count: number): number[] {
  const random = new Random(1);
  return Array.from({ length: count }, () => random.integer(300, 2000));
}

/** Serves an engine over the process's message channel, for {@link startContender}. */
export async function serveContender(
  create: (settings: ContenderSettings) => Promise<Contender & Partial<OurContender>>,
): Promise<void> {
  const settings = settingsSchema.parse(JSON.parse(process.argv[2] ?? ''));
  const contender = await create(settings);
  const reply = (message: Reply): void => {
    process.send?.(message);
  };
  const answer = async (request: Request): Promise<void> => {
    if (request.kind === 'prefill') reply({ prefill: await contender.prefill(request) });
    else if (request.kind === 'threads') {
      await contender.setThreads?.(request.threads);
      reply({ threads: request.threads });
    } else if (request.kind === 'answer') {
      if (contender.answer === undefined) throw new Error('This engine is asked nothing.');
      reply({ answer: await contender.answer(request) });
    } else {
      const { seconds } = await contender.decode(request);
      reply({ decode: { seconds: [...seconds] } });
    }
  };
  process.on('message', (message) => {
    answer(requestSchema.parse(message)).catch((error: unknown) => {
      console.error(error);
      process.exit(1);
    });
  });
  // Exit with the parent.
  process.on('disconnect', () => process.exit());
  reply({ ready: true });
}

/** An engine in a separate process, so that the two share only the machine. */
export interface RunningContender extends OurContender {
  stop(): void;
}

/** Starts the engine of a module that calls {@link serveContender}. */
export async function startContender(
  module: 'contender-ours.ts' | 'contender-stock.ts',
  settings: ContenderSettings,
): Promise<RunningContender> {
  const path = fileURLToPath(new URL(module, import.meta.url));
  const child = fork(path, [JSON.stringify(settings)], { execArgv: ['--import', 'tsx'] });
  if (settings.guest === true && child.pid !== undefined) lowerPriority(child.pid);
  await nextReply(child);
  const request = (message: Request): Promise<Reply> => {
    const reply = nextReply(child);
    child.send(message);
    return reply;
  };
  return {
    async prefill(work) {
      const reply = await request({ kind: 'prefill', ...work });
      if (!('prefill' in reply)) throw new Error('The engine did not answer what it was asked.');
      return reply.prefill;
    },
    async decode(work) {
      const reply = await request({ kind: 'decode', ...work });
      if (!('decode' in reply)) throw new Error('The engine did not answer what it was asked.');
      return reply.decode;
    },
    async answer(work) {
      const reply = await request({ kind: 'answer', ...work });
      if (!('answer' in reply)) throw new Error('The engine did not answer what it was asked.');
      return reply.answer;
    },
    async setThreads(threads) {
      await request({ kind: 'threads', threads });
    },
    stop() {
      child.kill();
    },
  };
}

function nextReply(child: ChildProcess): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: unknown): void => {
      child.off('exit', onExit);
      resolve(replySchema.parse(message));
    };
    const onExit = (code: number | null): void => {
      child.off('message', onMessage);
      reject(new Error(`An engine ended with ${String(code)}.`));
    };
    child.once('message', onMessage).once('exit', onExit);
  });
}
