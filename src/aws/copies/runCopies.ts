import type { CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { isCancelled } from '../errors.ts';
import type { Pace } from '../pace.ts';
import { readChosen } from '../selection/readChosen.ts';
import type { SelectionReading } from '../selection/reading.ts';
import { readSelection } from '../selection/readSelection.ts';
import type {
  CopyCounts,
  CopyInput,
  CopyItem,
  CopyOrder,
  CopyPosition,
  CopyResult,
} from './copies.ts';
import { CopyBatches } from './copyBatches.ts';
import { CopyJournal, type TaskFolder } from './copyJournal.ts';

export interface CopyRunOptions extends CallOptions {
  readonly onProgress?: (progress: CopyCounts) => void;
  readonly pace?: Pace;
}

/**
 * Copies or moves objects, however many: each is copied with all that belongs to it, looked at, and
 * in a move deleted only as what was copied. One that fails stays where it was and does not keep
 * the others. No copy is ever rolled back: another window may have relied on it. Killed at any
 * point and called again with the same folder, it continues.
 *
 * @returns how it went, also when it was called off or too much failed
 * @throws BrigadeError what every other object would meet as well (`Network`, `CredentialsExpired`
 *   …), to continue later; `AccessDenied` (s3:ListBucket) …
 */
export async function runCopies(
  clients: AwsClients,
  input: CopyInput,
  task: TaskFolder,
  options: CopyRunOptions = {},
): Promise<CopyResult> {
  const journal = new CopyJournal(task);
  const known = journal.checkpoint();
  const batches = new CopyBatches(clients, input, journal, options);
  if (known) await batches.resume(known);
  const begin = known?.position ?? firstPosition(input);
  // From here on it is known to have begun.
  await batches.save(begin);
  const rest = await runUnits(clients, input, begin, batches, options);
  const isCancelled = options.signal?.aborted === true;
  return { ...batches.outcome(), ...(rest && { rest }), isCancelled };
}

function firstPosition({ again = [], from }: CopyInput): CopyPosition {
  if (again.length > 0) return { unit: 0 };
  return positionOf(from);
}

function positionOf(from: CopyInput['from']): CopyPosition {
  return from === 'end' ? { unit: Infinity } : (from ?? { unit: 1 });
}

/** @returns where it stopped; undefined when all units are done */
async function runUnits(
  clients: AwsClients,
  input: CopyInput,
  begin: CopyPosition,
  batches: CopyBatches,
  options: CopyRunOptions,
): Promise<CopyPosition | undefined> {
  const units = unitsOf(input);
  let position = begin;
  while (position.unit < units.length) {
    if (batches.isOver()) return position;
    const { unit, at } = position;
    const reading = read(clients, units[unit] ?? [], { ...options, from: at });
    try {
      for await (const items of reading.items()) {
        position = { unit, at: reading.position() };
        await batches.run(items, position);
        if (batches.isOver()) return position;
      }
    } catch (error) {
      // Called off while it was listing: nothing of the next page was touched.
      if (isCancelled(error) && options.signal?.aborted) return position;
      throw error;
    }
    position = unit === 0 ? positionOf(input.from) : { unit: unit + 1 };
    await batches.save(position);
  }
  return undefined;
}

/** Single objects, or everything below a prefix. */
type Unit = readonly CopyItem[] | CopyOrder;

function unitsOf({ again = [], orders }: CopyInput): Unit[] {
  return [
    again,
    orders.filter(({ isPrefix }) => !isPrefix),
    ...orders.filter(({ isPrefix }) => isPrefix),
  ];
}

interface UnitReading {
  readonly position: SelectionReading['position'];
  items(): AsyncGenerator<readonly CopyItem[]>;
}

function read(
  clients: AwsClients,
  unit: Unit,
  options: CallOptions & Pick<CopyPosition, 'at'> & { readonly from?: CopyPosition['at'] },
): UnitReading {
  const { signal, from } = options;
  if (!('isPrefix' in unit)) {
    // It gives what it was given, in pieces.
    const reading = readChosen(unit, { signal, from });
    return {
      position: () => reading.position(),
      async *items() {
        for await (const items of reading) yield items as readonly CopyItem[];
      },
    };
  }
  const { bucket, key, to } = unit;
  const selection = { kind: 'listing', bucket, prefixes: [key], filter: {} } as const;
  const reading = readSelection(clients, { ...selection, versions: 'current' }, { signal, from });
  return {
    position: () => reading.position(),
    async *items() {
      for await (const refs of reading) {
        yield refs.map(ref => ({ bucket, key: ref.key, to: to + ref.key.slice(key.length) }));
      }
    },
  };
}
