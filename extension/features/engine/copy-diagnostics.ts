/** Loci: Copy Diagnostics. */

import * as vscode from 'vscode';
import { devicesRequest } from '../../protocol/requests/devices.ts';
import { inspectModelRequest } from '../../protocol/requests/inspect-model.ts';
import { inspectionSettings, statedSettings } from '../../settings/settings.ts';
import { ownVersion } from '../editor/own-version.ts';
import type { Host } from '../host/feature.ts';
import { diagnosticsText } from './diagnostics.ts';
import type { Failure } from './diagnostics.ts';

/** How long the engine may take to tell of the model and the devices. */
const patienceMs = 15_000;

/** Puts everything on the clipboard; what the engine does not tell is left out. */
export async function copyDiagnostics(host: Host, failures: readonly Failure[]): Promise<void> {
  const { session, log } = host;
  const signal = AbortSignal.timeout(patienceMs);
  const told = async <T>(what: string, ask: () => Promise<T>): Promise<T | null> => {
    try {
      return await Promise.race([ask(), expiry(signal)]);
    } catch (error) {
      log.warn(`Diagnostics: ${what} could not be found out: ${String(error)}`);
      return null;
    }
  };
  const text = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: 'Loci: collecting diagnostics' },
    async () => {
      const devices = await told('the devices', () =>
        session.consult((client) => client.request(devicesRequest, {}, signal)),
      );
      const model = await told('the model', () => {
        const { modelPath } = host.engine.parameters();
        const inspected = { path: modelPath, ...inspectionSettings() };
        return session.consult((client) => client.request(inspectModelRequest, inspected, signal));
      });
      const { state, pid } = session;
      const settings = statedSettings();
      return diagnosticsText({
        ...{ versions: versions(), model, settings, devices, state, enginePid: pid, failures },
      });
    },
  );
  await vscode.env.clipboard.writeText(text);
  void vscode.window.showInformationMessage(
    'Diagnostics are on the clipboard. They hold no code, no questions and no folder names.',
  );
}

function versions(): Record<string, string> {
  const { platform, arch, versions: runtime } = process;
  return {
    Loci: ownVersion(),
    [vscode.env.appName]:
      `${vscode.version} (${vscode.env.remoteName === undefined ? 'local' : 'remote'})`,
    Node: runtime.node,
    System: `${platform} ${arch}`,
  };
}

function expiry(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => {
      reject(new Error('The engine did not answer.'));
    });
  });
}
