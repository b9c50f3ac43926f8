/** The part of the addon's contract that stops what it does. */

/** A flag that any thread may read; once set it stays set. */
export interface NativeCancellation {
  cancel(): void;
  readonly cancelled: boolean;
}
