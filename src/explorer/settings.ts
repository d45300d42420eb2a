import * as vscode from 'vscode';

/** How many rows a page of the Buckets view has: `bucketBrigade.explorer.pageSize`, 1 to 1,000. */
export function pageSize(): number {
  return integer('explorer.pageSize', 200, 1000);
}

/**
 * How many files the worker transfers at a time, at most: `bucketBrigade.transfer.concurrency`, 1 to
 * 128.
 */
export function maxTransfers(): number {
  return integer('transfer.concurrency', 48, 128);
}

/** How many are transferred at a time from the extension host, which has other things to do. */
export function transferConcurrency(): number {
  return Math.min(maxTransfers(), 8);
}

/** settings.json may hold anything, whatever the schema says. */
function integer(name: string, fallback: number, max: number): number {
  const value: unknown = vscode.workspace.getConfiguration('bucketBrigade').get(name);
  if (typeof value !== 'number' || !Number.isFinite(value)) return fallback;
  return Math.min(Math.max(Math.trunc(value), 1), max);
}

/** ListObjectsV2 answers at most this many keys, whatever is asked for. */
export const MAX_PAGE = 1000;
