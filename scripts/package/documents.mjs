/** What a package says of the parts of others in it: their licences as text, and a list for machines. */

/** @typedef {import('./components.mjs').Component} Component */

/**
 * The licences of all components, those with the same text together.
 * @param {readonly Component[]} components
 * @returns {string}
 */
export function licencesText(components) {
  /** @type {Map<string, Component[]>} */
  const byText = new Map();
  for (const component of components) {
    const text = component.text
      .replaceAll('\r\n', '\n')
      .replace(/^\uFEFF/u, '')
      .trim();
    byText.set(text, [...(byText.get(text) ?? []), component]);
  }
  const line = '='.repeat(80);
  const sections = [...byText].map(([text, sharing]) => {
    const names = sharing.map(
      ({ name, version, licence }) => `${`${name} ${version}`.trim()} (${licence})`,
    );
    return `${line}\n${names.join('\n')}\n${line}\n\n${text}\n`;
  });
  return `Loci contains software of others under these licences.\n\n${sections.join('\n')}`;
}

/**
 * The components as a CycloneDX 1.6 document. It holds no time and no random number: the same
 * package has the same document.
 * @param {{ name: string, version: string, license: string }} product
 * @param {string} target
 * @param {readonly Component[]} components
 * @returns {string} JSON
 */
export function billOfMaterials(product, target, components) {
  const reference = `pkg:generic/${product.name}@${product.version}?target=${target}`;
  const references = [...new Set(components.map(({ purl }) => purl))];
  return `${JSON.stringify(
    {
      $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      version: 1,
      metadata: {
        component: {
          'bom-ref': reference,
          type: 'application',
          name: product.name,
          version: product.version,
          licenses: [{ expression: product.license }],
        },
      },
      components: components.map(({ name, version, licence, purl, part }) => ({
        'bom-ref': purl,
        type: 'library',
        name,
        ...(version === '' ? {} : { version }),
        licenses: [{ expression: licence }],
        purl,
        properties: [{ name: 'loci:part', value: part }],
      })),
      dependencies: [{ ref: reference, dependsOn: references }],
    },
    null,
    2,
  )}\n`;
}
