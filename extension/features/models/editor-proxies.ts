/** The proxies of the editor's own settings, or else of its environment. */

import * as vscode from 'vscode';
import { environmentProxies } from '../../models/download/proxy.ts';
import type { ProxySettings } from '../../models/download/proxy.ts';

/** Reads `http.proxy`, `http.noProxy` and `http.proxySupport`. */
export function editorProxies(): ProxySettings {
  const http = vscode.workspace.getConfiguration('http');
  if (http.get<unknown>('proxySupport') === 'off') return { http: '', https: '', except: [] };
  const proxy = http.get<unknown>('proxy');
  const environment = environmentProxies();
  const stated = http.get<unknown>('noProxy');
  const except = Array.isArray(stated)
    ? stated.filter((rule): rule is string => typeof rule === 'string')
    : [];
  return {
    ...environment,
    ...(typeof proxy === 'string' && proxy !== '' ? { http: proxy, https: proxy } : {}),
    except: [...environment.except, ...except],
  };
}
