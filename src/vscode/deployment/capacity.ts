import { workspace } from 'vscode';
import type { Capacity } from './resizeDraft.ts';

/** What a function is deployed with: `bucketBrigade.resize.architecture`, `.memory`, `.timeout`. */
export function capacity(): Capacity {
  const architecture: unknown = configuration().get('resize.architecture');
  return {
    architecture: architecture === 'arm64' ? 'arm64' : 'x86_64',
    memoryMegabytes: integer('resize.memory', 1536, 128, 10_240),
    timeoutSeconds: integer('resize.timeout', 60, 1, 900),
  };
}

function configuration() {
  return workspace.getConfiguration('bucketBrigade');
}

/** settings.json may hold anything, whatever the schema says. */
function integer(name: string, fallback: number, least: number, most: number): number {
  const value: unknown = configuration().get(name);
  if (typeof value !== 'number' || !Number.isFinite(value)) return fallback;
  return Math.min(Math.max(Math.trunc(value), least), most);
}
