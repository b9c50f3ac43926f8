/** How far a download is. Sizes are of the whole file, what was there before included. */
export interface DownloadProgress {
  readonly phase: 'connecting' | 'downloading' | 'waiting' | 'checking';
  readonly bytes: number;
  /** null: the server does not say. */
  readonly totalBytes: number | null;
  readonly bytesPerSecond: number;
  /** null: unknown. */
  readonly secondsLeft: number | null;
}
