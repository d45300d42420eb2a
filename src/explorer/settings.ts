import * as vscode from 'vscode';

/** How many rows a page of the Buckets view has: `bucketBrigade.explorer.pageSize`, 1 to 1,000. */
export function pageSize(): number {
  return integer('explorer.pageSize', 200, 1000);
}

/** How many files are transferred at a time: `bucketBrigade.transfer.concurrency`, 1 to 32. */
export function transferConcurrency(): number {
  return integer('transfer.concurrency', 4, 32);
}

/** settings.json may hold anything, whatever the schema says. */
function integer(name: string, fallback: number, max: number): number {
  const value: unknown = vscode.workspace.getConfiguration('bucketBrigade').get(name);
  if (typeof value !== 'number' || !Number.isFinite(value)) return fallback;
  return Math.min(Math.max(Math.trunc(value), 1), max);
}
