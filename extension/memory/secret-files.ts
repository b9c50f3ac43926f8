/** Extensions of files that hold data, where a telling name means a telling content. */
const data = '(?:json|ya?ml|toml|ini|xml|csv|txt|conf|cfg|properties|db|sqlite|bak)';

const secretNames: readonly RegExp[] = [
  // Templates of environment files hold no secrets and say which variables there are.
  /^\.env(?!\.(?:example|sample|template|defaults)$)(?:[.-].*)?$/,
  /\.env$/,
  /^\.envrc$/,
  /\.(?:pem|key|p12|pfx|jks|keystore|keytab|kdbx?|ppk|gpg|ovpn|tfvars)$/,
  /\.tfstate(?:\.backup)?$/,
  /^id_(?:rsa|dsa|ecdsa|ed25519)/,
  new RegExp(`(?:^|[._-])(?:credentials?|secrets?)(?:[._-].*)?\\.${data}$`),
  /^\.?(?:credentials|secrets)$/,
  new RegExp(`^(?:service[_-]account|client[_-]secret).*\\.${data}$`),
  /^\.(?:npmrc|netrc|pypirc|pgpass|my\.cnf|htpasswd|dockercfg|git-credentials|vault[-_]pass.*)$/,
  /^_netrc$/,
];

const secretFolders = new Set(['.ssh', '.aws', '.gnupg', '.kube']);

/** Whether a file of this name probably holds keys or passwords. No ignore file overrides it. */
export function isSecretFile(name: string): boolean {
  const lower = name.toLowerCase();
  return secretNames.some((pattern) => pattern.test(lower));
}

/** Whether a folder of this name belongs to a tool that keeps keys in it. */
export function isSecretFolder(name: string): boolean {
  return secretFolders.has(name.toLowerCase());
}

/** Whether a file that begins like this is a private key, whatever its name. */
export function holdsPrivateKey(head: string): boolean {
  return /^-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----/m.test(head);
}
