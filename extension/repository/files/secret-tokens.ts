/** The forms of access tokens that issuers chose so that nothing else looks like them. */

/** The prefix that all tokens of a form share, and the rest, as regular expressions. */
type Form = readonly [shared: string, rest: string];

const alnum = '[A-Za-z0-9]';
const hex = '[a-f0-9]';
const url = String.raw`[\w-]`;
/** Requires a digit: identifiers in code may share the prefix but seldom have digits. */
const withDigit = String.raw`(?=[\w-]*\d)`;

/** By issuer; if one prefix begins another, the longer comes first. */
const forms: readonly Form[] = [
  // GitHub, GitLab, Docker
  ['gh[pousr]_', `${alnum}{36}`],
  ['github_pat_', String.raw`\w{82}`],
  [
    'gl(?:pat|dt|rt|ptt|ft|imt|agent|soat|ffct|oas)-',
    String.raw`${url}{20,300}(?:\.${alnum}{2}\.${alnum}{7,9})?`,
  ],
  ['glcbt-', `${alnum}{1,5}_${url}{20}`],
  ['dckr_[po]at_', `${url}{27,32}`],
  // Packages: npm, PyPI, RubyGems
  ['npm_', `${alnum}{36}`],
  ['pypi-AgEIcHlwaS5vcmc', `${url}{50,300}`],
  ['rubygems_', `${hex}{48}`],
  // Models: Anthropic, OpenRouter, OpenAI, Groq, Hugging Face
  [String.raw`sk-ant-(?:[a-z]+\d\d-)?`, `${url}{40,200}`],
  ['sk-or-v1-', `${hex}{64}`],
  ['sk-(?:proj-|svcacct-|admin-)?', `${url}{20,100}T3BlbkFJ${url}{20,100}`],
  ['gsk_', `${alnum}{52}`],
  ['hf_', '[A-Za-z]{34}'],
  // Clouds: Google, DigitalOcean, Vercel, Databricks, Grafana
  ['AIza(?:Sy)?', `${url}{33,35}`],
  ['do[opr]_v1_', `${hex}{64}`],
  ['vc[piark]_', `${withDigit}${alnum}{20,60}`],
  ['dapi', `[A-Fa-f0-9]{32}(?:-\\d)?`],
  ['glc_', '[A-Za-z0-9+/]{32,400}={0,2}'],
  ['glsa_', `${alnum}{32}_[A-Fa-f0-9]{8}`],
  // Secrets themselves: HashiCorp, 1Password, Doppler, Pulumi
  [String.raw`hv[sbr]\.`, `${withDigit}${url}{24,300}`],
  ['ops_ey', '[A-Za-z0-9+/]{100,1280}={0,2}'],
  [String.raw`dp\.(?:pt|st|ct|sa|scim|audit)\.(?:[a-z0-9_-]{2,35}\.)?`, `${alnum}{40,44}`],
  ['pul-', `${hex}{40}`],
  // Services: Slack, Stripe, SendGrid, Shopify, Linear, Notion, Figma, Postman, New Relic
  [String.raw`xox[abeoprs]-(?:\d+-){1,4}`, `${url}{20,200}`],
  [String.raw`xapp-\d-[A-Z0-9]{9,13}-\d{9,15}-`, `${hex}{32,64}`],
  ['[rs]k_live_', `${alnum}{24,200}`],
  [String.raw`SG\.`, String.raw`${url}{22}\.${url}{43}`],
  ['shp(?:at|ca|pa|ss)_', `${alnum}{32,64}`],
  ['lin_(?:api|oauth)_', `${alnum}{32,128}`],
  ['ntn_', String.raw`\d{11}${alnum}{35}`],
  ['figd_', `${url}{40,200}`],
  ['PMAK-', `${hex}{24}-${hex}{34}`],
  ['NRAK-', '[A-Z0-9]{27}'],
];

/**
 * Matches tokens of all forms anywhere in a text. Callers must check whether the part after {@link
 * sharedPart} is a placeholder.
 */
export const tokens = new RegExp(
  String.raw`\b(?:${forms.map(([shared, rest]) => shared + rest).join('|')})(?![\w-])`,
  'g',
);

/** Matches the prefix that all tokens of a form share. */
export const sharedPart = new RegExp(`^(?:${forms.map(([shared]) => shared).join('|')})`);
