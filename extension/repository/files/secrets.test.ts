import { expect, test } from 'vitest';
import { findSecret } from './secrets.ts';

/** Deterministic characters from an alphabet, so that this file contains no real key. */
function random(length: number, alphabet: string, seed = 7): string {
  let state = seed;
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return alphabet.charAt((state >>> 16) % alphabet.length);
  }).join('');
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const alnum = `${letters}0123456789`;
const base64 = (length: number): string => random(length, `${alnum}+/`);
const url = (length: number): string => random(length, `${alnum}-_`);
const hex = (length: number): string => random(length, '0123456789abcdef');
const begin = (kind: string, end = ''): string =>
  ['-----BEGIN', `${kind}PRIVATE`, `KEY${end}-----`].join(' ');
const body = Array.from({ length: 6 }, (_, index) => random(64, `${alnum}+/`, index + 1));
const pem = (kind: string): string => `${begin(kind)}\n${body.join('\n')}\n`;
const encoded = (text: string): string => Buffer.from(text).toString('base64');

test.each([
  ['a file of its own', pem('RSA ')],
  ['PKCS 8', pem('')],
  ['an encrypted key', pem('ENCRYPTED ')],
  ['a key of one line', `${begin('')}\nMC4CAQAwBQYDK2VwBCIEI${base64(43)}\n`],
  ['OpenSSH', pem('OPENSSH ')],
  [
    'PEM with headers',
    `${begin('RSA ')}\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,${hex(32)}\n\n${body.join('\n')}`,
  ],
  [
    'PGP with headers',
    `${begin('PGP ', ' BLOCK')}\nVersion: GnuPG v2\nComment: a key\n\n${body.join('\n')}\n`,
  ],
  ['PGP without', `${begin('PGP ', ' BLOCK')}\n\n${body.join('\n')}\n`],
  ['lines of Windows', pem('').replaceAll('\n', '\r\n')],
  ['a string with escapes', `{"private_key": "${begin('')}\\n${body.join('\\n')}\\n"}`],
  [
    'an account of a service',
    JSON.stringify({ type: 'service_account', private_key: pem('') }, null, 2),
  ],
  ['a string of code', `const key = '${begin('RSA ')}' +\n  '${body.join("' +\n  '")}';`],
  ['a list of strings', `[\n  "${begin('RSA ')}",\n  "${body.join('",\n  "')}"\n]`],
  ['an indented block', `key: |\n  ${pem('EC ').replaceAll('\n', '\n  ')}`],
  [
    'a comment far down',
    `${'// code\n'.repeat(5_000)}// ${begin('OPENSSH ')}\n// ${body.join('\n// ')}\n`,
  ],
  ['a quotation', `> ${pem('').replaceAll('\n', '\n> ')}`],
  ['Base64 of PEM', `tls.key: ${encoded(pem('RSA '))}`],
  ['folded Base64 of PEM', `tls.key: |\n  ${encoded(pem('')).replace(/.{76}/g, '$&\n  ')}`],
  ['SSH2', `---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nComment: "rsa-key"\n${body.join('\n')}\n`],
  [
    'PuTTY',
    `PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: me\nPublic-Lines: 2\n${base64(64)}\n${base64(20)}\nPrivate-Lines: 1\n${base64(48)}\n`,
  ],
  ['age', `# created\nAGE-SECRET-KEY-1${random(58, 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L')}\n`],
  ['a JSON web key', JSON.stringify({ kty: 'RSA', n: url(342), e: 'AQAB', d: url(342) })],
  ['a JSON web key of a curve', JSON.stringify({ crv: 'P-256', d: url(43), kty: 'EC' }, null, 2)],
  ['a web key in code', `const jwk = { kty: 'OKP', d: '${url(43)}' };`],
  ['a symmetric web key', JSON.stringify({ kty: 'oct', k: url(43) })],
])('a private key is found in %s', (_name, text) => {
  expect(findSecret(text)).toBe('a private key');
});

test.each([
  ['Yarn', `npmAuthToken: ${hex(24)}`],
  ['npm', `//registry.npmjs.org/:_authToken=${hex(8)}-${hex(24)}`],
  ['npm by user', `_auth=${base64(30)}`],
  ['GitHub', `x = "ghp_${random(36, alnum)}"`],
  ['GitLab', `TOKEN=glpat-${random(20, alnum)}`],
  ['Slack', `xoxb-123456789012-${random(24, alnum)}`],
  ['Google', `key: AIza${random(35, alnum)}`],
  ['Stripe', `sk_live_${random(24, alnum)}`],
  ['SendGrid', `SG.${random(22, alnum)}.${random(43, alnum)}`],
  ['GitLab, of a later form', `glpat-${random(27, alnum)}.01.${random(9, alnum)}`],
  ['GitLab’s deployment', `gldt-${random(20, alnum)}`],
  ['GitLab’s runner', `glrt-${random(20, alnum)}`],
  ['GitLab’s trigger', `glptt-${hex(40)}`],
  ['GitLab’s feed', `glft-${random(20, alnum)}`],
  ['GitLab’s mail', `glimt-${random(25, alnum)}`],
  ['GitLab’s agent', `glagent-${url(50)}`],
  ['GitLab’s job', `glcbt-64_${random(20, alnum)}`],
  ['GitHub, fine-grained', `github_pat_${random(22, alnum)}_${random(59, alnum)}`],
  ['GitHub in an address', `git clone https://${hex(40)}:x-oauth-basic@github.com/a/b`],
  ['Docker', `docker login -p dckr_pat_${url(27)}`],
  ['Docker’s organisation', `dckr_oat_${url(32)}`],
  ['npm, as of today', `npm_${random(36, alnum)}`],
  ['PyPI', `password = pypi-AgEIcHlwaS5vcmc${url(120)}`],
  ['RubyGems', `rubygems_${hex(48)}`],
  ['Anthropic', `sk-ant-api03-${url(93)}AA`],
  ['Anthropic’s administration', `sk-ant-admin01-${url(93)}AA`],
  ['OpenRouter', `sk-or-v1-${hex(64)}`],
  ['OpenAI', `sk-${random(20, alnum)}T3BlbkFJ${random(20, alnum, 9)}`],
  ['OpenAI’s project', `sk-proj-${url(74)}T3BlbkFJ${url(74)}`],
  ['OpenAI’s service account', `sk-svcacct-${url(74)}T3BlbkFJ${url(74)}`],
  ['OpenAI’s administration', `sk-admin-${url(58)}T3BlbkFJ${url(58)}`],
  ['Groq', `GROQ_API_KEY=gsk_${random(52, alnum)}`],
  ['Hugging Face', `hf_${random(34, letters)}`],
  ['Google, as keys of maps are', `AIzaSy${random(33, alnum)}`],
  ['DigitalOcean', `dop_v1_${hex(64)}`],
  ['DigitalOcean by OAuth', `doo_v1_${hex(64)}`],
  ['Vercel', `vcp_${random(56, alnum)}`],
  ['Databricks', `dapi${hex(32)}`],
  ['Databricks, numbered', `dapi${hex(32)}-2`],
  ['Grafana’s cloud', `glc_eyJv${base64(120)}=`],
  ['Grafana’s service account', `glsa_${random(32, alnum)}_${hex(8)}`],
  ['Vault', `hvs.${url(95)}`],
  ['Vault’s batch', `hvb.${url(150)}`],
  ['Vault’s recovery', `hvr.${url(95)}`],
  ['1Password', `ops_${encoded(JSON.stringify({ signInAddress: base64(90), code: url(60) }))}`],
  ['Doppler', `dp.pt.${random(43, alnum)}`],
  ['Doppler’s service', `dp.st.prd.${random(43, alnum)}`],
  ['Pulumi', `pul-${hex(40)}`],
  ['Slack’s user', `xoxp-1234567890-1234567890-1234567890123-${hex(32)}`],
  ['Slack’s app', `xapp-1-A0123456789-1234567890123-${hex(64)}`],
  ['Slack’s configuration', `xoxe-1-1234567890-${random(24, alnum)}`],
  ['Slack’s webhook', `https://hooks.slack.com/services/T01AB23CD/B01AB23CD/${random(24, alnum)}`],
  ['Stripe, restricted', `rk_live_${random(24, alnum)}`],
  ['Shopify', `shpat_${hex(32)}`],
  ['Shopify, longer', `shpss_${random(40, alnum)}`],
  ['Linear', `lin_api_${random(40, alnum)}`],
  ['Notion', `ntn_${random(11, '0123456789')}${random(35, alnum)}`],
  ['Figma', `figd_${url(40)}`],
  ['Postman', `PMAK-${hex(24)}-${hex(34)}`],
  ['New Relic', `NRAK-${random(27, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789')}`],
  ['AWS', `aws_secret_access_key = ${random(40, `${alnum}/`)}`],
  ['AWS in a shell', `export AWS_SECRET_ACCESS_KEY="${random(40, alnum)}"`],
  ['AWS in code', `{ secretAccessKey: '${random(40, alnum)}' }`],
  ['Azure storage', `AccountName=a;AccountKey=${base64(86)}==;`],
  ['Azure bus', `Endpoint=sb://x/;SharedAccessKey=${base64(43)}=`],
  ['an Azure principal', `{ "clientSecret": "aB38Q~${random(34, `${alnum}~.-`)}" }`],
])('an access token is found: %s', (_name, text) => {
  expect(findSecret(text)).toBe('an access token');
});

test.each([
  [
    'code that looks for keys',
    `return text.includes('${begin('')}');\n${'call(value);\n'.repeat(90)}`,
  ],
  [
    'a marker on a line of its own',
    `A key begins with\n\n${begin('RSA ')}\n\nand ends with another line.\n`,
  ],
  ['a shortened key', `${begin('RSA ')}\nMIIEpAIBAAKCAQEA...\n-----END\n`],
  ['a placeholder for a key', `${begin('')}\n<your key in Base64, see the documentation>\n`],
  ['a key of crosses', `${begin('RSA ')}\n${'x'.repeat(64)}\n${'x'.repeat(64)}\n`],
  [
    'code after a marker',
    `const begin = '${begin('')}';\nconst aVeryLongNameOfAFunctionWithNumber12 = readPrivateKeyFromTheFileSystem3(begin);\n`,
  ],
  ['a public key', `-----BEGIN PUBLIC KEY-----\n${body.join('\n')}\n`],
  ['a certificate', `-----BEGIN CERTIFICATE-----\n${body.join('\n')}\n`],
  ['a public PGP block', `-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n${body.join('\n')}\n`],
  ['a certificate in Base64', encoded(`-----BEGIN CERTIFICATE-----\n${body.join('\n')}\n`)],
  ['a public SSH2 key', `---- BEGIN SSH2 PUBLIC KEY ----\n${body.join('\n')}\n`],
  [
    'the form of a PuTTY key',
    'A file begins with\n\nPuTTY-User-Key-File-3: algorithm\n\nand goes on.\n',
  ],
  ['an age recipient', `age1${random(58, 'qpzry9x8gf2tvdw0s3jn54khce6mua7l')}`],
  ['a placeholder of age', `AGE-SECRET-KEY-1${'Q'.repeat(58)}`],
  ['a public web key', JSON.stringify({ kty: 'RSA', n: url(342), e: 'AQAB', alg: 'RS256' })],
  ['a path of an icon', `<path kind="kty" d="M${'12.5 3.2L'.repeat(20)}"/>`],
  ['a variable for Yarn', 'npmAuthToken: "${NPM_TOKEN}"'],
  ['a variable for npm', '//registry.npmjs.org/:_authToken=${NPM_TOKEN}\n'],
  ['a placeholder for npm', '//registry.npmjs.org/:_authToken=YOUR_AUTH_TOKEN_HERE\n'],
  ['words in place of a token', `token: ${'gh'.concat('p_')}PersonalAccessToken01245678900000000`],
  ['crosses', `token: ghp_${'x'.repeat(36)}`],
  ['a row of digits and letters', `token: ghp_1234567890abcdefghijklmnopqrstuvwxyz`],
  ['a placeholder of Google', `key=AIzaSyXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX`],
  ['the example of AWS', `aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY`],
  ['a variable of AWS', 'AWS_SECRET_ACCESS_KEY: ${{ secrets.AWS_SECRET_ACCESS_KEY }}'],
  [
    'the storage emulator',
    'AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;',
  ],
  [
    'crosses for a webhook',
    `https://hooks.slack.com/services/T00000000/B00000000/${'X'.repeat(24)}`,
  ],
  ['a variable in an address', 'https://${TOKEN}:x-oauth-basic@github.com/a/b'],
  [
    'a name with the beginning of a token',
    'const dapi_version = vca_matrix_of_all_values + glc_context2d;',
  ],
  ['a name as long as a token', 'hvs.getTheVeryLongNameOfAFunctionThatReturnsAllOfIt()'],
  ['a class of CSS, as GitLab’s tokens begin', '.glft-dialog-with-buttons-and-inputs-2 { top: 0 }'],
  ['a name of words', 'figd_tables_of_the_whole_database_by_customer_v2 = glrt-a;'],
  [
    'an object of SQL',
    'SELECT vci_index_of_customers_by_name_2, glsa_a FROM figd_tables_of_the_whole_database',
  ],
  ['a class of CSS', '.sk-live-animation-with-a-long-name-1 { color: red }'],
  ['a hash of a package', `"integrity": "sha512-${base64(86)}=="`],
])('%s is no secret', (_name, text) => {
  expect(findSecret(text)).toBe(null);
});

test('long text with many beginnings is told in no time', () => {
  const started = performance.now();
  findSecret(`${begin('')}\n`.repeat(4_000));
  findSecret(`kty "d": "${'a'.repeat(40)}", `.repeat(5_000));
  findSecret('LS0tLS1CRUdJTi'.repeat(15_000));
  findSecret('PuTTY-User-Key-File-3: \n'.repeat(10_000));
  expect(performance.now() - started).toBeLessThan(5_000);
});
