import { expect, test } from 'vitest';
import { holdsSecret, isSecretFile } from './secret-files.ts';

const begin = (kind: string): string => ['-----BEGIN', `${kind}PRIVATE`, 'KEY-----'].join(' ');
const body = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7';

test.each([
  ['.env~'],
  ['.env_prod'],
  ['.envprod'],
  ['env.production'],
  ['.env.local.bak'],
  ['.dev.vars'],
  ['kubeconfig'],
  ['local.settings.json'],
  ['keystore.properties'],
  ['AuthKey_1.p8'],
  ['wp-config.php'],
  ['prod.tfvars.json'],
])('%s is secret by its name', (name) => {
  expect(isSecretFile(name)).toBe(true);
});

test.each([['.env.example'], ['environment.ts'], ['env.ts'], ['env.d.ts'], ['id_rsa.pub']])(
  '%s is read',
  (name) => {
    expect(isSecretFile(name)).toBe(false);
  },
);

test('logins are known by their folder, and Docker files beside them are read', () => {
  expect(isSecretFile('.docker/config.json')).toBe(true);
  expect(isSecretFile('home/.config/gh/hosts.yml')).toBe(true);
  expect(isSecretFile('.docker/Dockerfile')).toBe(false);
  expect(isSecretFile('config.json')).toBe(false);
});

test.each([
  ['a string with escapes', `{"private_key": "${begin('')}\\n${body}\\n"}`],
  ['a string of code', `const key = '${begin('RSA ')}' +\n  '${body}';`],
  ['an indented block', `key: |\n  ${begin('EC ')}\n  ${body}\n`],
  ['a comment far down', `${'// code\n'.repeat(5_000)}// ${begin('OPENSSH ')}\n// ${body}\n`],
  ['a PuTTY key', `${'PuTTY-User-Key'}-File-3: ssh-ed25519\n`],
  ['Yarn settings', 'npmAuthToken: abcdefgh1234'],
  ['a GitHub token', `x = "${'ghp'}_${'a1B2c3D4e5F6g7H8i9J0'.repeat(2).slice(0, 36)}"`],
])('a private key or token is found in %s', (_name, text) => {
  expect(holdsSecret(text)).toBe(true);
});

test.each([
  [
    'code that looks for keys',
    `return text.includes('${begin('')}');\n${'call(value);\n'.repeat(90)}`,
  ],
  ['a public key', `-----BEGIN PUBLIC KEY-----\n${body}\n`],
  ['a variable', 'npmAuthToken: "${NPM_TOKEN}"'],
  ['a placeholder', `token: ${'ghp'}_${'x'.repeat(36)}`],
])('%s is no secret', (_name, text) => {
  expect(holdsSecret(text)).toBe(false);
});
