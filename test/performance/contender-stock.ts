/** Stock llama.cpp: the same prebuilt libraries through node-llama-cpp, without our cache. */
import type { LlamaContext, Token } from 'node-llama-cpp';
import { getLlama, LlamaLogLevel } from 'node-llama-cpp';
import type { Contender, ContenderSettings } from './contender.ts';
import { benchmarkTokens, createClock, serveContender } from './contender.ts';

const warmUpTokens = 4;
/** llama.cpp's default; ours is the same within a chunk. */
const ubatchTokens = 512;

async function createStock(settings: ContenderSettings): Promise<Contender> {
  const now = createClock(settings.clock);
  const llama = await getLlama({ gpu: false, build: 'never', logLevel: LlamaLogLevel.error });
  const model = await llama.loadModel({ modelPath: settings.model, gpuLayers: 0 });
  const createContext = (contextSize: number): Promise<LlamaContext> =>
    model.createContext({
      contextSize,
      batchSize: ubatchTokens,
      flashAttention: true,
      threads: settings.threads,
    });
  // Token ids are plain numbers, but the package types them as `Token`.
  const tokensOf = (count: number): Token[] => benchmarkTokens(count) as Token[];
  return {
    async prefill({ tokens }) {
      const context = await createContext(tokens + 256);
      const sequence = context.getSequence();
      const input = tokensOf(tokens);
      const startedAt = now();
      await sequence.evaluateWithoutGeneratingNewTokens(input);
      const seconds = now() - startedAt;
      await context.dispose();
      return { seconds, evictionShare: 0 };
    },
    async decode({ context: length, tokens }) {
      const context = await createContext(length + tokens + 256);
      const sequence = context.getSequence();
      const output = sequence.evaluate(tokensOf(length), { temperature: 0, yieldEogToken: true });
      const seconds: number[] = [];
      // The first token comes with the prefill.
      for (let index = 0; index <= tokens + warmUpTokens; index++) {
        const startedAt = now();
        const { done } = await output.next();
        if (done === true) throw new Error('Stock llama.cpp stopped early.');
        seconds.push(now() - startedAt);
      }
      await output.return();
      await context.dispose();
      return { seconds: seconds.slice(1 + warmUpTokens) };
    },
  };
}

await serveContender(createStock);
