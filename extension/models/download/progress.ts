/** Measures a download while it runs. */

import type { DownloadProgress } from '../../protocol/download-progress.ts';

const windowMs = 5_000;
const tellEveryMs = 200;

/** Measures speed over the last seconds, and tells progress a few times a second. */
export class ProgressMeter {
  readonly #tell: (progress: DownloadProgress) => void;
  #phase: DownloadProgress['phase'] = 'connecting';
  #bytes = 0;
  #total: number | null = null;
  #toldAt = Number.NEGATIVE_INFINITY;
  #marks: { readonly at: number; readonly bytes: number }[] = [];

  constructor(tell: (progress: DownloadProgress) => void) {
    this.#tell = tell;
  }

  /** Begins a phase with so many bytes done. */
  begin(phase: DownloadProgress['phase'], bytes: number, total: number | null): void {
    this.#phase = phase;
    this.#bytes = bytes;
    this.#total = total;
    this.#marks = [{ at: performance.now(), bytes }];
    this.#send();
  }

  /** Adds bytes. */
  add(bytes: number): void {
    this.#bytes += bytes;
    const now = performance.now();
    if (now - this.#toldAt < tellEveryMs && this.#bytes !== this.#total) return;
    this.#marks.push({ at: now, bytes: this.#bytes });
    while (this.#marks.length > 2 && (this.#marks[0]?.at ?? now) < now - windowMs) {
      this.#marks.shift();
    }
    this.#send();
  }

  #send(): void {
    const [first] = this.#marks;
    const last = this.#marks.at(-1);
    const seconds = ((last?.at ?? 0) - (first?.at ?? 0)) / 1_000;
    const speed = seconds > 0 ? ((last?.bytes ?? 0) - (first?.bytes ?? 0)) / seconds : 0;
    this.#toldAt = performance.now();
    this.#tell({
      phase: this.#phase,
      bytes: this.#bytes,
      totalBytes: this.#total,
      bytesPerSecond: speed,
      secondsLeft:
        this.#total === null || speed <= 0 ? null : Math.max(0, this.#total - this.#bytes) / speed,
    });
  }
}
