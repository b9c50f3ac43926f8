/**
 * `npm run quality:bundled`: measures which forms of question the bundled model answers right on a
 * real repository. Draws questions from the code, asks each with recall, and counts.
 *
 *     npm run quality:bundled -- --repo DIR [--repo DIR]... [--questions 20] [--seed 1] [--details]
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadAddon } from '../../extension/engine/native/addon.ts';
import { cacheDirectory } from '../../extension/engine/native/cache-directory.ts';
import { Session } from '../../extension/engine/session.ts';
import type { Answer } from '../../extension/protocol/answer.ts';
import type { AnswerMode } from '../../extension/protocol/requests/ask.ts';
import { walkRepository } from '../../extension/repository/files/walk.ts';
import { readText } from '../../extension/repository/files/read.ts';
import { formNames, wordForm } from '../../extension/quality/question-forms.ts';
import type { FormName } from '../../extension/quality/question-forms.ts';
import { drawQuestions } from './bundled-questions.ts';

const { values: options } = parseArgs({
  options: {
    repo: { type: 'string', multiple: true, default: ['sample', 'extension'] },
    questions: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    details: { type: 'boolean', default: false },
  },
});

async function textsOf(root: string): Promise<Map<string, string>> {
  const signal = new AbortController().signal;
  const listing = await walkRepository([root], { signal });
  const texts = new Map<string, string>();
  for (const file of listing.files) {
    const read = await readText(file, { signal });
    if (read.ok) texts.set(file.path, read.text);
  }
  return texts;
}

async function measure(session: Session, repo: string): Promise<void> {
  const root = resolve(repo);
  const signal = new AbortController().signal;
  const opened = await session.open(
    {
      modelPath: null,
      gpu: 'cpu',
      roots: [root],
      budget: { unit: 'percent', value: 10 },
      policy: 'default',
      policyParameters: {},
      kvType: 'f16',
    },
    signal,
  );
  const drawn = drawQuestions(await textsOf(root), Number(options.questions), Number(options.seed));
  const rows: Record<FormName, string> = {
    value: '',
    import: '',
    file: '',
    returns: '',
    default: '',
  };
  for (const form of formNames) {
    const asked = drawn.filter((question) => question.form === form);
    let right = 0;
    let text = 0;
    let rightText = 0;
    let passages = 0;
    for (const item of asked) {
      const question = wordForm(item);
      const parameters = {
        question,
        recall: 'both',
        maxTokens: 64,
        seed: 0,
        temperature: 0,
      } as const;
      const ask = (mode: AnswerMode): Promise<Answer> =>
        session.ask({ ...parameters, mode }, () => undefined, signal);
      const always = await ask('always');
      const reliable = await ask('reliable');
      if (always.answer === item.answer) right += 1;
      if (reliable.kind === 'text') {
        text += 1;
        if (reliable.answer === item.answer) rightText += 1;
      } else if (reliable.passages.some(({ path }) => path === item.path)) passages += 1;
      if (options.details) {
        const said = [always.answer, reliable.kind, reliable.answer, item.answer, item.path];
        console.log(`  ${question} ${JSON.stringify(said)}`);
      }
    }
    rows[form] = [
      `${String(right)} of ${String(asked.length)} right when all are answered in words;`,
      `${String(text)} are shown in words, ${String(rightText)} of them right;`,
      `${String(passages)} of ${String(asked.length - text)} others show a passage of the right file`,
    ].join(' ');
  }
  console.log(repo);
  for (const question of opened.suggestions) console.log(`  suggested: ${question}`);
  for (const form of formNames) console.log(`  ${form.padEnd(8)} ${rows[form]}`);
}

const session = new Session(await loadAddon(cacheDirectory()), cacheDirectory(), {
  onProgress: () => undefined,
  onState: () => undefined,
  onLog: () => undefined,
});
for (const repo of options.repo) await measure(session, repo);
await session.close();
