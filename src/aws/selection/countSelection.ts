import type { AwsClients } from '../clients.ts';
import { readSelection } from './readSelection.ts';
import type { ReadSelectionOptions } from './reading.ts';
import type { ObjectRef, ObjectSelection } from './selection.ts';

export interface SelectionCount {
  /** Objects or versions that match. */
  readonly objects: number;
  /** Of those whose size is known. */
  readonly bytes: number;
  /** False where there are more than were counted. */
  readonly complete: boolean;
  /** By bucket and the first part of the key that distinguishes them, most objects first. */
  readonly groups: readonly {
    readonly bucket: string;
    readonly prefix: string;
    readonly objects: number;
    readonly bytes: number;
  }[];
  /** The first objects met. */
  readonly samples: readonly ObjectRef[];
}

export interface CountOptions extends Omit<ReadSelectionOptions, 'from'> {
  /** Counting stops when so many objects were looked at; 10,000 by default. */
  readonly limit?: number;
}

const LIMIT = 10_000;
const MAX_GROUPS = 1000;
const SAMPLES = 20;

/**
 * Counts a selection for a summary, up to a limit. Groups are distinguished by the segment that
 * follows the prefix which the selection has.
 *
 * @throws BrigadeError as readSelection
 */
export async function countSelection(
  clients: AwsClients,
  selection: ObjectSelection,
  { limit = LIMIT, onProgress, signal }: CountOptions = {},
): Promise<SelectionCount> {
  const groups = new Map<
    string,
    { bucket: string; prefix: string; objects: number; bytes: number }
  >();
  const samples: ObjectRef[] = [];
  const prefixes = selection.kind === 'listing' ? selection.prefixes : [''];
  let [objects, bytes, seen] = [0, 0, 0];
  const watch = (count: number): void => {
    seen = count;
    onProgress?.(count);
  };
  let complete = true;
  for await (const refs of readSelection(clients, selection, { signal, onProgress: watch })) {
    for (const ref of refs) {
      objects += 1;
      bytes += ref.size ?? 0;
      if (samples.length < SAMPLES) samples.push(ref);
      const prefix = groupOf(ref.key, prefixes);
      const name = `${ref.bucket}/${prefix}`;
      const group = groups.get(name) ?? { bucket: ref.bucket, prefix, objects: 0, bytes: 0 };
      if (groups.size < MAX_GROUPS || group.objects > 0) groups.set(name, group);
      group.objects += 1;
      group.bytes += ref.size ?? 0;
    }
    complete = seen < limit;
    if (!complete) break;
  }
  const sorted = [...groups.values()].sort((a, b) => b.objects - a.objects);
  return { objects, bytes, complete, groups: sorted, samples };
}

function groupOf(key: string, prefixes: readonly string[]): string {
  const prefix = prefixes.find(each => key.startsWith(each)) ?? '';
  const slash = key.indexOf('/', prefix.length);
  return slash < 0 ? prefix : key.slice(0, slash + 1);
}
