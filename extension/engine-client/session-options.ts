import type { OpenParameters } from '../protocol/requests/open.ts';
import type { EngineSlotOptions } from './engine-slot.ts';

/** How a session starts an engine and what it reads. */
export interface SessionOptions extends Pick<EngineSlotOptions, 'startEngine' | 'onLog'> {
  /** Returns what to read and how; called each time. @throws EngineRequestError */
  readonly parameters: () => OpenParameters;
  /** Returns the tokens per second of the last reading with these parameters; null if unknown. */
  readonly speed?: (parameters: OpenParameters) => number | null;
}
