import type { Gpu } from '../protocol/engine.ts';

/** A folder that holds llama.cpp's prebuilt libraries, or the reason why it does not. */
export type LibraryCandidate =
  | { readonly gpu: Exclude<Gpu, 'auto'>; readonly available: true; readonly directory: string }
  | { readonly gpu: Exclude<Gpu, 'auto'>; readonly available: false; readonly reason: string };

/**
 * Where the libraries for a device are, best first: for `auto` CUDA, Vulkan, Metal and the CPU as
 * far as this platform has them, otherwise the one asked for. An available folder exists and holds
 * libllama; whether its driver works is known only after loading.
 */
export async function libraryCandidates(
  gpu: Gpu,
  options: {
    readonly platform?: NodeJS.Platform;
    readonly arch?: string;
    /** Folders that may hold `@node-llama-cpp/...`; by default those that Node would search. */
    readonly modules?: readonly string[];
  } = {},
): Promise<LibraryCandidate[]> {
  await Promise.resolve();
  throw new Error(`Not written yet: ${gpu} ${String(options.arch)}`);
}
