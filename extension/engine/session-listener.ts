/** Who hears what an engine tells without being asked. */

import type { LogLevel } from '../protocol/notifications/log.ts';
import type { Progress } from '../protocol/notifications/progress.ts';
import type { EngineState } from '../protocol/notifications/state.ts';

export interface SessionListener {
  readonly onState: (state: EngineState) => void;
  readonly onProgress: (progress: Progress) => void;
  readonly onLog: (level: LogLevel, text: string) => void;
}
