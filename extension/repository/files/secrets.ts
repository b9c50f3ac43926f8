/** Finds keys and tokens in text by their fixed forms. */

import { sharedPart, tokens } from './secret-tokens.ts';

/** Whether characters are as mixed as a key's, unlike a placeholder, a path or words. */
function isRandom(text: string): boolean {
  let steps = 0;
  for (let index = 1; index < text.length; index++) {
    const step = text.charCodeAt(index) - text.charCodeAt(index - 1);
    if (step === 1 || step === 0) steps++;
  }
  const kinds = new Set(text).size;
  return (
    kinds >= 10 &&
    (/\d/.test(text) || (kinds >= 20 && /[a-z]/.test(text) && /[A-Z]/.test(text))) &&
    steps < text.length / 3 &&
    !/^(?:[a-z]+\d{0,2}[-_]){2,}[a-z]*\d{0,2}$/.test(text) &&
    !/example|placeholder|your[-_]|token|access|secret|dummy|sample|0{8}|x{8}/i.test(text)
  );
}

const keyMarker =
  /-----BEGIN (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----|---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----/g;
/** A key's first line, after any headers, lies within this many characters of the marker. */
const keyCharacters = 1_000;

/**
 * The start of a key's body: raw or escaped line ends, string and comment signs, and headers such
 * as `Proc-Type: 4,ENCRYPTED`; then a line of Base64.
 */
const keyBody =
  /^(?:\\[rn]|[\s"'`+,;|>#*()[\]\\]|\/\/|[A-Z][A-Za-z-]{2,24}: [^\n\\]*)*([A-Za-z0-9+/]{32,})/;

function holdsPem(text: string): boolean {
  if (!text.includes('PRIVATE KEY')) return false;
  for (const { index, 0: marker } of text.matchAll(keyMarker)) {
    const start = index + marker.length;
    const body = keyBody.exec(text.slice(start, start + keyCharacters))?.[1];
    if (body !== undefined && isRandom(body)) return true;
  }
  return false;
}

/** `-----BEGIN ` in Base64. */
const wrappedMarker = 'LS0tLS1CRUdJTi';

/** Finds a key that is Base64-encoded again, as in Kubernetes manifests, perhaps folded. */
function holdsWrappedPem(text: string): boolean {
  for (let at = text.indexOf(wrappedMarker); at !== -1;) {
    const lines = text.slice(at, at + 2 * keyCharacters).replace(/\\[rn]|[\s"'\\]/g, '');
    const wrapped = /^[A-Za-z0-9+/]*/.exec(lines)?.[0] ?? '';
    if (holdsPem(Buffer.from(wrapped, 'base64').toString('latin1'))) return true;
    at = text.indexOf(wrappedMarker, at + wrappedMarker.length);
  }
  return false;
}

function holdsOtherKey(text: string): boolean {
  return (
    (text.includes('PuTTY-User-Key-File-') &&
      /^PuTTY-User-Key-File-\d: (?:.*\n){1,200}?Private-Lines: [1-9]/m.test(text)) ||
    (text.includes('AGE-SECRET-KEY-1') &&
      [...text.matchAll(/\bAGE-SECRET-KEY-1([0-9A-Z]{58})\b/g)].some((match) =>
        isRandom(match[1] ?? ''),
      ))
  );
}

/** All parts of a JSON web key lie within this many characters of each other. */
const webKeyCharacters = 4_000;
const webKeyPart = /["']?\b([dk])["']?\s{0,4}:\s{0,4}["']([\w-]{32,})["']/g;

function holdsWebKey(text: string): boolean {
  if (!text.includes('kty')) return false;
  return [...text.matchAll(webKeyPart)].some(({ index, 1: part, 2: value = '' }) => {
    const around = text.slice(Math.max(0, index - webKeyCharacters), index + webKeyCharacters);
    const kind = /\bkty["']?\s{0,4}:\s{0,4}["'](RSA|EC|OKP|oct)["']/.exec(around)?.[1];
    return kind !== undefined && (kind === 'oct') === (part === 'k') && isRandom(value);
  });
}

/** Values that are secret because of the name they are assigned to. The group is the value. */
const assignments: readonly RegExp[] = [
  /(?:aws_?)?secret_?access_?key["']?\s{0,4}(?:[=:]|=>)\s{0,4}["']?([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/gi,
  /\b(?:AccountKey|SharedAccessKey)=([A-Za-z0-9+/]{42,86}={1,2})/g,
  /^[ \t]{0,8}(?:\/\/[^\s=]{1,200}:)?_(?:authToken|auth|password)[ \t]{0,4}=[ \t]{0,4}["']?([\w+/=.-]{16,})/gm,
  /^[ \t]{0,8}npmAuth(?:Token|Ident):[ \t]{0,4}["']?([\w+/=.:-]{16,})/gm,
  // An Azure service principal.
  /["']?client_?secret["']?\s{0,4}[=:]\s{0,4}["']?([\w~.-]{3}\dQ~[\w~.-]{31,34})(?![\w~.-])/gi,
  // A Slack webhook, and a GitHub token in a URL.
  /\bhooks\.slack\.com\/(?:services|workflows|triggers)\/[\w/]{10,60}\/(\w{20,40})(?!\w)/g,
  /\bhttps?:\/\/(\w{40,255}):x-oauth-basic@github\.com\b/g,
];

/** The key of the storage emulator, which Microsoft published. */
const publishedKey = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq';

function holdsToken(text: string): boolean {
  return (
    (text.match(tokens) ?? []).some((token) => isRandom(token.replace(sharedPart, ''))) ||
    assignments.some((pattern) =>
      [...text.matchAll(pattern)].some(
        ({ 1: value = '' }) => isRandom(value) && !value.startsWith(publishedKey),
      ),
    )
  );
}

/**
 * Names the secret that a text holds, to follow "holds", or returns null. Finds access tokens and
 * private keys in all usual forms: on lines of their own, in a string or wrapped. Ignores
 * placeholders, and markers without a key after them, as in documentation and parsers.
 */
export function findSecret(text: string): string | null {
  if (holdsPem(text) || holdsWrappedPem(text) || holdsOtherKey(text) || holdsWebKey(text)) {
    return 'a private key';
  }
  return holdsToken(text) ? 'an access token' : null;
}
