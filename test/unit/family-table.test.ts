import { expect, it } from 'vitest';
import { familyTable } from '../../scripts/test/family-table.mjs';

const result = (family: string, title: string, status: string, within: readonly string[] = []) => ({
  ancestorTitles: [`a model of the family ${family}`, ...within],
  ...{ title, status },
});

it('has a row for each family and a column for each test, and marks only what ran', () => {
  const report = {
    testResults: [
      {
        name: '/r/test/integration/families.test.ts',
        assertionResults: [
          result('llama', 'header', 'passed'),
          result('llama', 'fork', 'passed', ['natively']),
          result('gpt-oss', 'header', 'failed'),
          result('gpt-oss', 'fork', 'skipped', ['natively']),
        ],
      },
      { name: '/r/ask.test.ts', assertionResults: [result('llama', 'other', 'passed')] },
    ],
  };
  expect(familyTable(JSON.stringify(report)).split('\n')).toEqual([
    'family   header  fork',
    'llama    ✓       ✓',
    'gpt-oss  ✗',
  ]);
  expect(familyTable(JSON.stringify({ testResults: [] }))).toBe('');
});
