import { expect, it } from 'vitest';
import { nextEditFamilies } from '../../models/next-edit-families.ts';
import type { NextEditFamily } from '../../models/next-edit-families.ts';
import { editedFile } from './edited-region.ts';
import { hunksOf } from './hunks.ts';
import { nextEditParts } from './next-edit-layouts.ts';
import type { DividedFile } from './next-edit-layouts.ts';

function family(name: NextEditFamily['name']): NextEditFamily {
  const found = nextEditFamilies.find((row) => row.name === name);
  if (found === undefined) throw new Error(name);
  return found;
}

function textOf(
  name: NextEditFamily['name'],
  file: DividedFile,
  edits: Parameters<typeof nextEditParts>[2],
): string {
  const parts = nextEditParts(family(name), file, edits);
  return parts.map((part) => (typeof part === 'string' ? part : part.mark)).join('');
}

/** `prefix\neditable\nsuffix` of the tests in Zed's crates/zeta_prompt. */
const zed: DividedFile = {
  ...{ path: 'test.rs', isStart: false },
  ...{ before: ['prefix'], region: ['editable'], after: ['suffix'] },
  cursor: { line: 0, column: 3 },
};
const edit = { path: 'a.rs', diff: '-old\n+new\n' };

it("is Zeta 2's, as in Zed's test_seed_coder_basic_format", () => {
  expect(textOf('Zeta 2', zed, [edit])).toBe(`<[fim-suffix]>
suffix
<[fim-prefix]><filename>edit_history
--- a/a.rs
+++ b/a.rs
-old
+new

<filename>test.rs
prefix
<<<<<<< CURRENT
edi<|user_cursor|>table
=======
<[fim-middle]>`);
});

it("is Zeta 2's without edits and lines around, as in test_seed_coder_no_context", () => {
  const file = { ...zed, before: ['before'], region: ['middle'], after: ['after'] };
  expect(textOf('Zeta 2', file, [])).toBe(`<[fim-suffix]>
after
<[fim-prefix]><filename>test.rs
before
<<<<<<< CURRENT
mid<|user_cursor|>dle
=======
<[fim-middle]>`);
  const alone = textOf('Zeta 2', { ...zed, before: [], after: [] }, []);
  expect(alone.startsWith('<[fim-suffix]>\n<[fim-prefix]><filename>test.rs\n<<<')).toBe(true);
});

const rust = `fn foo() {
    let x = 42;
    println!("Hello, world!");
}

fn bar() {
    let x = 42;
    let mut sum = 0;
    for i in 0..x {
        sum += i;
    }
    println!("Sum: {}", sum);
    return sum;
}

fn generate_random_numbers() -> Vec<i32> {
    let mut rng = rand::thread_rng();
    let mut numbers = Vec::new();
    for _ in 0..5 {
        numbers.push(rng.gen_range(1..101));
    }
    numbers
}
`;

it("has the region and excerpt of Zeta's, as in Zed's test_excerpt_for_cursor_position", () => {
  const at = rust.indexOf('eturn sum');
  const place = { path: 'main.rs', line: 1, prefix: rust.slice(0, at), suffix: rust.slice(at) };
  const region = { kind: 'tokens', region: 40, context: 32 } as const;
  const text = textOf('Zeta', editedFile({ region }, place), []);
  const excerpt = text.slice(text.indexOf('```main.rs'), text.indexOf('\n\n### Response'));
  expect(excerpt).toBe(`\`\`\`main.rs
fn bar() {
    let x = 42;
    let mut sum = 0;
<|editable_region_start|>
    for i in 0..x {
        sum += i;
    }
    println!("Sum: {}", sum);
    r<|user_cursor_is_here|>eturn sum;
}

fn generate_random_numbers() -> Vec<i32> {
    let mut rng = rand::thread_rng();
<|editable_region_end|>
    let mut numbers = Vec::new();
    for _ in 0..5 {
        numbers.push(rng.gen_range(1..101));
\`\`\``);
});

it("is Zeta's around edits and excerpt, as Zed's module zeta1 writes it", () => {
  const file = { ...zed, isStart: true };
  const diff = '@@ -1 +1 @@\n-old\n+new\n';
  const edits = [
    { path: 'a.rs', diff },
    { path: 'b.rs', diff },
  ];
  expect(textOf('Zeta', file, edits)).toBe(`### Instruction:
You are a code completion assistant and your task is to analyze user edits and then rewrite an excerpt that the user provides, suggesting the appropriate edits within the excerpt, taking into account the cursor location.

### User Edits:

User edited a.rs:
\`\`\`diff
@@ -1 +1 @@
-old
+new

\`\`\`

User edited b.rs:
\`\`\`diff
@@ -1 +1 @@
-old
+new

\`\`\`

### User Excerpt:

\`\`\`test.rs
<|start_of_file|>
prefix
<|editable_region_start|>
edi<|user_cursor_is_here|>table
<|editable_region_end|>
suffix
\`\`\`

### Response:
`);
});

it('finds the hunks of a diff', () => {
  const diff = '@@ -1,4 +1,4 @@\n a\n b\n-c\n+C\n d\n@@ -9,0 +10,2 @@\n+x\n+y\n\\ No newline\n';
  expect(hunksOf(diff)).toEqual([
    {
      ...{ start: 1, count: 3, old: 'c\n', new: 'C\n' },
      ...{ oldWithContext: 'b\nc\nd\n', newWithContext: 'b\nC\nd\n' },
    },
    {
      ...{ start: 10, count: 1, old: '', new: 'x\ny\n' },
      ...{ oldWithContext: '', newWithContext: 'x\ny\n' },
    },
  ]);
  expect(hunksOf('nothing\n-x')).toEqual([]);
});
