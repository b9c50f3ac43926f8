import { randomInt } from 'node:crypto';

/** Without letters and digits that look alike when they are read out on the phone. */
const TRACKING_ALPHABET = 'ABCDEFGHJKMNPQRTUVWXYZ2346789';
const TRACKING_LENGTH = 8;

/** A code such as RD-K7XM29QA, by which customers follow their parcel. */
export function newTrackingCode(): string {
  let code = '';
  for (let i = 0; i < TRACKING_LENGTH; i++) {
    code += TRACKING_ALPHABET[randomInt(TRACKING_ALPHABET.length)] ?? '';
  }
  return `RD-${code}`;
}

export function isTrackingCode(text: string): boolean {
  return /^RD-[A-HJKMNP-RT-Z2-46-9]{8}$/.test(text);
}
