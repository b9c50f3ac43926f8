import type { PathResolver } from './path-resolver.ts';
import { questionTerms } from './question-terms.ts';
import type { SearchIndex } from './search-index.ts';

/** Words with capitals inside that are names of things, not of code. */
const properNames = new Set(
  `javascript typescript github gitlab nodejs postgresql mysql sqlite mongodb graphql vscode openai
   youtube linkedin macos ios ipados iphone webassembly devops oauth oauth2 readme todo fixme utf8
   utf16 sha1 sha256 md5 base64 http2 ipv4 ipv6 x86 arm64 amd64 python2 python3 es6 es2015 h264 mp3
   mp4 i18n l10n a11y s3 ec2 k8s api apis http https html css json yaml toml xml csv sql rest rpc
   grpc crud url urls uri uris uuid uuids cli gui ide tls ssl ssh tcp udp dns cors csrf xss jwt ram
   rom cpu cpus gpu gpus llm llms npm yarn pip aws gcp sdk sdks dom ascii utf asap faq eof pdf png
   jpeg jpg gif svg bom lf crlf cr mit bsd gpl isc orm mvc spa ssr tdd ok usa eu gguf kv`.split(
    /\s+/,
  ),
);
const plain = /^[\p{L}_$][\p{L}\p{M}\p{N}_$]*$/u;
const quoted = /`([^`\n]+)`|"([^"\n]+)"|“([^“”\n]+)”|«([^«»\n]+)»|(?<!\w)'([^'\n]+)'(?!\w)/gu;
const calls = /([\p{L}_$][\p{L}\p{M}\p{N}_$]{0,200})\(/gu;
const declared =
  /\b(?:class|function|method|constant|variable|const|interface|struct|enum|type|trait)\s{1,3}(\p{Lu}[\p{L}\p{M}\p{N}_$]*)/gu;
/** A question with more is no question about names: a log, a file. */
const mostNames = 8;

/** Whether a word, unquoted, can be nothing but a name in code. */
function isCodeName(name: string, isStopWord: boolean): boolean {
  if (isStopWord || properNames.has(name.toLowerCase())) return false;
  return (
    /[\p{L}\p{N}]_+[\p{L}\p{N}]|^_|\$|\p{Ll}\p{Lu}/u.test(name) ||
    (/\p{L}\d/u.test(name) && /^\p{Ll}/u.test(name) && name.length > 3) ||
    /^\p{Lu}{3,}\d*$/u.test(name)
  );
}

/** The extension of a path that is not mistaken for the name of a product or host. */
function isFilePath(text: string): boolean {
  if (/^\w+:\/\//.test(text) || /^\p{Lu}[\p{L}\d]*\.js$/u.test(text)) return false;
  return /[\\/]/.test(text)
    ? /[^\\/.]\.[\p{L}\d]{1,12}$/u.test(text)
    : /\.(?:[cm]?[jt]sx?|py|rs|go|rb|java|kt|swift|c|h|cc|cpp|hpp|cs|php|vue|svelte|md|json|ya?ml|toml|css|scss|html|sh|sql|txt|lua|dart|ex|exs|scala|xml|ini|cfg|properties)$/.test(
        text,
      );
}

/**
 * The names of a question that occur nowhere in what was read, as they are written: identifiers,
 * single names in quotes or called like functions, and paths. Ordinary words are no names.
 */
export function unknownNames(
  question: string,
  search: SearchIndex,
  resolver: PathResolver,
): string[] {
  if (!search.isExhaustive) return [];
  const mentions = resolver.mentions(question);
  const inQuotes = new Set<string>();
  for (const [, ...groups] of question.matchAll(quoted)) {
    inQuotes.add(groups.join('').trim());
  }
  const candidates = new Set<string>();
  const knowsName = (name: string): boolean =>
    search.find(name.normalize('NFC'), 1).files > 0 || resolver.hasWord(name);
  const addDotted = (text: string): void => {
    const parts = text.split('.');
    const isName = parts.length > 1 && parts.every((part) => plain.test(part));
    if (isFilePath(text)) {
      // `config.md` may be a member of `config`.
      if (!(isName && parts.every(knowsName)) && !resolver.hasFolder(text)) candidates.add(text);
    } else if (isName && !knowsName(parts.at(-1) ?? '')) {
      if (inQuotes.has(text) || parts.some((part) => isCodeName(part, false))) candidates.add(text);
    }
  };
  for (const { text, kind, mention } of questionTerms(question, mentions)) {
    if (mention !== undefined) continue;
    if (kind === 'path') {
      addDotted(text);
    } else if (kind === 'identifier' && isCodeName(text, isEmphasis(text)) && !knowsName(text)) {
      candidates.add(text);
    }
  }
  const named = [
    ...[...inQuotes].map((text) => text.replace(/\(\)$/, '')),
    ...[...question.matchAll(calls)].map(([, name = '']) => name),
    ...[...question.matchAll(declared)].map(([, name = '']) => name),
  ];
  for (const text of inQuotes) {
    const isMentioned = mentions.some(({ start, end }) => question.slice(start, end) === text);
    if (!/\s/.test(text) && !isMentioned) addDotted(text);
  }
  for (const name of named) {
    if (plain.test(name) && name.length > 1 && !knowsName(name)) candidates.add(name);
  }
  const covered = mentions.map(({ start, end }) => question.slice(start, end));
  return [...candidates]
    .filter((name) => !covered.some((path) => path.includes(name)))
    .sort((a, b) => question.indexOf(a) - question.indexOf(b))
    .slice(0, mostNames);
}

const emphasised = new Set(
  'NOT ONLY EVERY ALL ANY NONE NEVER ALWAYS AND THE MUST SHOULD WHY WHAT HOW WHERE WHEN WHO PLEASE'.split(
    ' ',
  ),
);

/** Whether a word in capitals is only said loudly. */
function isEmphasis(text: string): boolean {
  return emphasised.has(text);
}
