/** Extensions of files that hold data, where a telling name means a telling content. */
const data = '(?:json|ya?ml|toml|ini|xml|csv|txt|conf|cfg|properties|db|sqlite|bak)';

const secretNames: readonly RegExp[] = [
  // Templates of environment files hold no secrets and say which variables there are.
  /^\.env(?!\.(?:example|sample|template|defaults)$)(?:[._~-].*|prod.*|dev.*|local.*)?$/,
  /\.env$/,
  /^env\.(?:prod|dev|local|staging|production|development)[^.]*$/,
  /^\.envrc$/,
  /^\.dev\.vars(?:\..*)?$/,
  /\.(?:pem|key|p8|p12|pfx|jks|keystore|keytab|kdbx?|ppk|gpg|ovpn|tfvars)$/,
  /\.tfvars\.json$/,
  /\.tfstate(?:\.backup)?$/,
  /^id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?(?!.*\.pub$)/,
  new RegExp(`(?:^|[._-])(?:credentials?|secrets?)(?:[._-].*)?\\.${data}$`),
  /^\.?(?:credentials|secrets)$/,
  new RegExp(`^(?:service[_-]account|client[_-]secret).*\\.${data}$`),
  /^\.(?:npmrc|netrc|pypirc|pgpass|my\.cnf|htpasswd|dockercfg|git-credentials|vault[-_]pass.*)$/,
  /^_netrc$/,
  /^(?:kubeconfig|.*\.kubeconfig)$/,
  /^local\.settings\.json$/,
  /^(?:keystore|key)\.properties$/,
  /^wp-config\.php$/,
];

const secretFolders = new Set(['.ssh', '.aws', '.gnupg', '.kube']);

/** Files whose name tells nothing, in the folder of the tool that keeps its login there. */
const secretPaths = /(?:^|\/)(?:\.docker\/config\.json|\.config\/gh\/hosts\.ya?ml)$/;

/**
 * Whether a file of this name probably holds keys or passwords. No ignore file overrides it.
 * @param path its name, or its path with forward slashes
 */
export function isSecretFile(path: string): boolean {
  const lower = path.toLowerCase();
  const name = lower.slice(lower.lastIndexOf('/') + 1);
  return secretNames.some((pattern) => pattern.test(name)) || secretPaths.test(lower);
}

/** Whether a folder of this name belongs to a tool that keeps keys in it. */
export function isSecretFolder(name: string): boolean {
  return secretFolders.has(name.toLowerCase());
}

const keyMarker = /-----BEGIN (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----/g;
/** Characters after a marker in which the key's first whole line stands, after any headers. */
const keyCharacters = 1_000;
const otherKeys =
  /^PuTTY-User-Key-File-\d: |---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----|\bAGE-SECRET-KEY-1[0-9A-Z]{58}\b/m;

/** Tokens whose form their issuer fixed, so that nothing else looks like them. */
const tokens =
  /\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{82}|glpat-[\w-]{20}|xox[abprs]-\d+-[\w-]{20,200}|AIza[\w-]{35}|[rs]k_live_[A-Za-z0-9]{24,200}|npm_[A-Za-z0-9]{36}|sk-ant-[\w-]{40,200}|pypi-AgEIcHlwaS5vcmc[\w-]{50,300})/g;
const awsSecret = /aws_secret_access_key["']?\s{0,4}[=:]\s{0,4}["']?([A-Za-z0-9/+]{40})\b/gi;

/** Yarn's settings are read unless they hold a token themselves, not a variable's name. */
const yarnToken = /^[ \t]{0,8}npmAuth(?:Token|Ident):[ \t]{0,4}["']?(?!\$\{)[^\s"'#]{8}/m;

/** Whether characters are as mixed as a key's are, unlike those of a placeholder or a path. */
function isRandom(text: string): boolean {
  return new Set(text).size >= 12 && /\d/.test(text) && !/example/i.test(text);
}

/**
 * Whether text holds a private key anywhere: on lines of its own, in a string with escaped line
 * ends, indented. A marker in the middle of a line counts only with a key after it.
 */
export function holdsPrivateKey(text: string): boolean {
  if (otherKeys.test(text)) {
    return true;
  }
  for (const { index, 0: marker } of text.matchAll(keyMarker)) {
    if (index === 0 || text[index - 1] === '\n') {
      return true;
    }
    const start = index + marker.length;
    const body = text.slice(start, start + keyCharacters).split('-----', 1)[0] ?? '';
    if ((body.match(/[A-Za-z0-9+/=]{32,}/g) ?? []).some(isRandom)) {
      return true;
    }
  }
  return false;
}

/** Whether text holds a private key or an access token. */
export function holdsSecret(text: string): boolean {
  return (
    holdsPrivateKey(text) ||
    yarnToken.test(text) ||
    (text.match(tokens) ?? []).some(isRandom) ||
    [...text.matchAll(awsSecret)].some((match) => isRandom(match[1] ?? ''))
  );
}
