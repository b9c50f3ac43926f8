/** Chooses llama.cpp's libraries, loads them once per process, and lists their devices. */

import { libraryCandidates } from '../../models/libraries.ts';
import type { Gpu } from '../../protocol/gpu.ts';
import type { DeviceReport } from '../../protocol/requests/devices.ts';
import type { LoadedAddon } from './addon.ts';
import { chooseDevice, isGpu } from './device.ts';
import type { DeviceChoice } from './device.ts';
import { EngineError } from '../core/errors.ts';
import type { NativeLogLevel, NativeRuntime } from './contract.ts';
import { probeDevices } from './trial-process.ts';

export interface StartedRuntime {
  readonly runtime: NativeRuntime;
  readonly choice: DeviceChoice;
}

/** Owns the choice of device. A process loads only one folder of libraries. */
export class RuntimeHost {
  readonly #addon: LoadedAddon;
  readonly #onLog: (level: NativeLogLevel, text: string) => void;
  #started: (StartedRuntime & { readonly wanted: Gpu }) | null = null;

  constructor(addon: LoadedAddon, onLog: (level: NativeLogLevel, text: string) => void) {
    this.#addon = addon;
    this.#onLog = onLog;
  }

  /**
   * Loads the libraries for a device.
   * @throws EngineError `device-not-found`; `restart-required` if this process has loaded those of
   *   another device; what the addon throws.
   */
  async start(gpu: Gpu): Promise<StartedRuntime> {
    if (this.#started?.wanted === gpu) return this.#started;
    const choice = await chooseDevice(await libraryCandidates(gpu), async (directory) => {
      const verdict = await probeDevices(this.#addon.path, directory);
      if (!verdict.ok) this.#onLog('warn', verdict.detail);
      return verdict;
    });
    for (const reason of choice.rejected) this.#onLog('info', `${reason}.`);
    const before = this.#started;
    if (before !== null && before.choice.directory !== choice.directory) {
      throw new EngineError(
        'restart-required',
        `The engine runs on ${before.choice.gpu}. Restart it to use ${choice.gpu}.`,
      );
    }
    const runtime =
      before?.runtime ??
      this.#addon.addon.loadRuntime({ libraryDirectory: choice.directory, onLog: this.#onLog });
    if (choice.gpu !== 'cpu' && !runtime.devices().some(isGpu)) {
      throw new EngineError(
        'device-not-found',
        `The libraries for ${choice.gpu} were loaded but found no device. Choose the CPU.`,
      );
    }
    this.#started = { runtime, choice, wanted: gpu };
    return this.#started;
  }

  /** Lists the devices of the loaded libraries, or else of every folder of libraries. */
  async devices(): Promise<DeviceReport[]> {
    if (this.#started !== null) return this.#started.runtime.devices();
    const found = new Map<string, DeviceReport>();
    for (const candidate of await libraryCandidates('auto')) {
      if (!candidate.available) continue;
      const verdict = await probeDevices(this.#addon.path, candidate.directory);
      if (!verdict.ok) continue;
      for (const device of verdict.value) found.set(device.name, device);
    }
    return [...found.values()];
  }
}
