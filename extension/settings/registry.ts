/**
 * All settings of the editor. `npm run generate` writes the configuration in `package.json` and the
 * table in the README from them.
 */

import { z } from 'zod';
import type { Gpu } from '../protocol/gpu.ts';
import { usualHub } from '../protocol/model-hub.ts';
import { threadsSchema } from '../protocol/notifications/threads.ts';
import { defaultPolicy, kvTypes, policyNames } from '../protocol/policies.ts';
import { recallModeSchema } from '../protocol/requests/ask.ts';
import { patternsSchema } from '../protocol/stated-patterns.ts';
import { defaultWorkingTokens, workingTokensSchema } from '../protocol/working-set.ts';
import { choice, setting, sizeSetting } from './setting.ts';

const gpus: readonly Gpu[] = ['auto', 'cpu', 'cuda', 'vulkan', 'metal'];

/** In the order of the settings page. */
export const settings = {
  modelPath: setting(z.string(), {
    key: 'modelPath',
    fallback: '',
    change: 'reread',
    scope: 'machine',
    text: 'The GGUF file of the model, on the machine that Loci runs on. Leave it empty to use the small model that comes with Loci, which only answers questions about values, definitions and imports. [Choose a Model…](command:loci.chooseModel) finds the models on this machine and checks one before it is used. A relative path starts at the first folder of the workspace; `~` is your home folder.',
    schema: { type: 'string' },
  }),
  modelHub: setting(z.string(), {
    key: 'modelHub',
    fallback: usualHub,
    change: 'none',
    scope: 'machine',
    text: 'Where [Download a Model…](command:loci.downloadModel) finds models: Hugging Face, or a mirror with the same paths. Only a hub that you set here, and this machine, may be reached unencrypted (`http://`).',
    schema: { type: 'string' },
  }),
  budget: setting(z.string(), {
    key: 'budget',
    fallback: '10%',
    change: 'resize',
    scope: 'window',
    text: 'How much of the repository Loci holds in memory: a number of tokens such as `3000`, a share of the repository such as `10%`, or a size such as `512MiB`. A share is never less than 1,024 tokens, so a smaller repository is held whole. While reading, usage may exceed the budget briefly, by at most one chunk. A smaller budget applies at once, without rereading; for a larger one Loci reads again while the current memory answers.',
    schema: {
      type: 'string',
      pattern: String.raw`^\s*\d+(\.\d+)?\s*(%|[mMgG][iI][bB])?\s*$`,
      patternErrorMessage:
        'Use a number of tokens such as 3000, a share such as 10%, or a size such as 512MiB.',
    },
  }),
  policy: choice(
    'a policy',
    policyNames,
    {
      default:
        'Keeps declarations and whole lines, and gives each layer of the model what it needs.',
      laprox: "Keeps what changes the model's output most. Slower to read.",
      ahakv: 'Keeps what other code attends to most.',
      adakv:
        'Keeps what the newest code attends to, with more room where attention is spread. Slower to answer.',
      streaming: 'Keeps only the beginning and the newest text. The fastest choice.',
      full: 'Keeps everything. Refuses to read if the budget is too small for that.',
    },
    {
      key: 'policy',
      fallback: defaultPolicy,
      change: 'reread',
      scope: 'window',
      text: 'What Loci keeps when the budget is full. All other methods of `docs/memory-methods.md` also work, in `settings.json` and on the command line (`--policy`).',
      schema: {
        enumItemLabels: [
          'Default (recommended)',
          'Least change of the output (LaProx)',
          'Most attended (AhaKV)',
          'Most attended, by head (Ada-KV)',
          'Beginning and end',
          'Everything',
        ],
      },
    },
  ),
  kvType: choice(
    'a type of keys and values',
    kvTypes,
    {
      f16: '16 bits per value: exactly what the model computes.',
      q8_0: '8.5 bits per value: 53 % of the memory, or nearly twice the tokens in the same memory. Slower to read on a CPU.',
      q4_0: "4.5 bits per value: 28 % of the memory (42 % for a repository longer than the model's context). Slower to read on a CPU. Answers lose some precision.",
    },
    {
      key: 'kvType',
      fallback: 'f16',
      change: 'reread',
      scope: 'window',
      text: 'How Loci stores what it remembers.',
    },
  ),
  device: choice(
    'a device',
    gpus,
    {
      auto: 'The fastest device that works on this machine.',
      cpu: 'Only the processor.',
      cuda: 'NVIDIA graphics cards.',
      vulkan: 'Graphics cards of any vendor.',
      metal: 'Apple graphics.',
    },
    {
      key: 'device',
      fallback: 'auto',
      change: 'reread',
      scope: 'machine-overridable',
      text: 'Where the model runs.',
    },
  ),
  threads: setting(threadsSchema, {
    key: 'threads',
    fallback: 0,
    change: 'threads',
    scope: 'machine-overridable',
    text: 'The number of processor threads. With `0`, Loci uses the free ones: it checks twice a second, leaves room for other programs such as a build, and uses an idle machine fully. A change takes effect immediately, without rereading.',
    schema: { type: 'integer', minimum: 0, maximum: 1024 },
  }),
  workingTokens: setting(workingTokensSchema, {
    key: 'workingTokens',
    fallback: defaultWorkingTokens,
    change: 'reread',
    scope: 'machine-overridable',
    text: 'Room for the chat, completions and measuring in addition to the memory, in tokens. Earlier turns and the last completion stay there and are not computed again. The limit is three eighths of the trained context.',
    schema: { type: 'integer', minimum: 768, maximum: 1_000_000 },
  }),
  recall: choice(
    'a way of recall',
    recallModeSchema.options,
    {
      both: "By the model's attention and by the names in the question.",
      attention: "By the model's attention only.",
      identifiers: 'By rare names in the question only.',
      off: 'Not at all: answers use only what Loci remembers.',
    },
    {
      key: 'recall',
      fallback: 'both',
      change: 'none',
      scope: 'window',
      text: 'How Loci finds the lines that it looks up again before it answers a question.',
    },
  ),
  completionEnabled: setting(z.boolean(), {
    key: 'completion.enabled',
    fallback: true,
    change: 'none',
    scope: 'language-overridable',
    text: 'Complete code while you type, once Loci has read the repository. Needs a model with fill-in-the-middle; the bundled model does not complete code.',
    schema: { type: 'boolean' },
  }),
  readOnStartup: setting(z.boolean(), {
    key: 'readOnStartup',
    fallback: false,
    change: 'none',
    scope: 'window',
    text: 'Read the repository when the editor starts. Otherwise Loci reads it when you first open the Loci view.',
    schema: { type: 'boolean' },
  }),
  keepMemory: setting(z.boolean(), {
    key: 'keepMemory',
    fallback: true,
    change: 'none',
    scope: 'machine-overridable',
    text: 'Keep the memory and the conversations on disk, in the folders that the editor has for extensions, so that both are there at once when the editor starts again. A memory that is kept is also given back, with the model, after half an hour without a question, a completion or an edit, until it is needed again. Only you can read them there; they hold text of the repository. **Loci: Delete Kept Memories…** and **Loci: Conversations…** delete them.',
    schema: { type: 'boolean' },
  }),
  keptMemoryLimit: sizeSetting({
    key: 'keptMemoryLimit',
    fallback: '4GiB',
    change: 'none',
    scope: 'machine',
    text: 'How much disk all kept memories may take together, such as `512MiB` or `4GiB`. The oldest are deleted first.',
  }),
  followChanges: setting(z.boolean(), {
    key: 'followChanges',
    fallback: true,
    change: 'none',
    scope: 'window',
    text: 'Follow files that are saved, created, renamed, deleted or switched with a branch: old versions are forgotten and new ones read, while nothing else is to be done. What would take longer than a minute waits for **Read Changes**, and so does everything where this is off.',
    schema: { type: 'boolean' },
  }),
  exclude: setting(patternsSchema, {
    key: 'exclude',
    fallback: [],
    change: 'follow',
    scope: 'resource',
    text: 'Files that Loci leaves out: patterns as in a `.gitignore`, such as `/docs/` or `*.min.js`. They are never read, and what was read of them is forgotten at once. **Loci: Exclude from Memory** adds a file or folder, and **Loci: Include in Memory Again** takes it back; both are in the context menus of the explorer, the memory list and the map.',
    schema: { type: 'array', items: { type: 'string' } },
  }),
  pin: setting(patternsSchema, {
    key: 'pin',
    fallback: [],
    change: 'follow',
    scope: 'resource',
    text: 'Files that Loci never forgets: patterns as in a `.gitignore`. They may take half of the budget; Loci says when more is pinned. What was forgotten of a file before it was pinned is read again. **Loci: Pin in Memory** adds a file or folder, and **Loci: Unpin** takes it back.',
    schema: { type: 'array', items: { type: 'string' } },
  }),
  refineWhenIdle: setting(z.boolean(), {
    key: 'refineWhenIdle',
    fallback: false,
    change: 'none',
    scope: 'window',
    text: 'Refine the memory after one idle minute. Loci reads the repository a second time with a slower, more thorough method. This takes about as long as two more readings and needs twice the memory until it is done. Questions and completions go first.',
    schema: { type: 'boolean' },
  }),
};
