import { expect, test } from 'vitest';
import { isSecretFile } from './secret-files.ts';

test.each([
  ['.env~'],
  ['.env_prod'],
  ['.envprod'],
  ['env.production'],
  ['.env.local.bak'],
  ['.env.example.local'],
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

test.each([
  ['.env-parser.ts'],
  ['.env.d.ts'],
  ['.env.local.example'],
  ['.env_sample'],
  ['wp-config-sample.php'],
  ['.env.example'],
  ['environment.ts'],
  ['env.ts'],
  ['env.d.ts'],
  ['id_rsa.pub'],
])('%s is read', (name) => {
  expect(isSecretFile(name)).toBe(false);
});

test('logins are known by their folder, and Docker files beside them are read', () => {
  expect(isSecretFile('.docker/config.json')).toBe(true);
  expect(isSecretFile('home/.config/gh/hosts.yml')).toBe(true);
  expect(isSecretFile('.docker/Dockerfile')).toBe(false);
  expect(isSecretFile('config.json')).toBe(false);
});
