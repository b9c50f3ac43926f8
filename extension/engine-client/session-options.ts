import type { OpenParameters } from '../protocol/requests/open.ts';
import type { EngineSlotOptions } from './engine-slot.ts';

/** How a session starts an engine, and what it reads with it. */
export interface SessionOptions extends Pick<EngineSlotOptions, 'startEngine' | 'onLog'> {
  /** What to read and how, asked for anew each time. @throws EngineRequestError */
  readonly parameters: () => OpenParameters;
  /** Tokens per second that the last reading with these parameters had; null where unknown. */
  readonly speed?: (parameters: OpenParameters) => number | null;
}
