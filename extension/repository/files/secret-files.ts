/** Extensions of data files, for which a suspicious name suggests a secret. */
const data = '(?:json|ya?ml|toml|ini|xml|csv|txt|conf|cfg|properties|db|sqlite|bak)';

/** Source files, such as `.env-parser.ts` and `.env.d.ts`. */
const source = /\.(?:[cm]?[jt]sx?|py|rb|go|rs|php|java|kt|cs|md)$/;

const secretNames: readonly RegExp[] = [
  // Templates of environment files hold no secrets and name the variables.
  /^\.env(?!(?:[._-].*)?[._-](?:example|sample|template|defaults|dist)$)(?:[._~-].*|prod.*|dev.*|local.*)?$/,
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

/** Files with ordinary names, in the folder where a tool keeps its login. */
const secretPaths = /(?:^|\/)(?:\.docker\/config\.json|\.config\/gh\/hosts\.ya?ml)$/;

/**
 * Whether a file name suggests keys or passwords. No ignore file overrides this.
 * @param path its name, or its path with forward slashes
 */
export function isSecretFile(path: string): boolean {
  const lower = path.toLowerCase();
  const name = lower.slice(lower.lastIndexOf('/') + 1);
  if (name.startsWith('.env') && source.test(name)) {
    return false;
  }
  return secretNames.some((pattern) => pattern.test(name)) || secretPaths.test(lower);
}

/** Whether a folder name belongs to a tool that stores keys in it. */
export function isSecretFolder(name: string): boolean {
  return secretFolders.has(name.toLowerCase());
}
