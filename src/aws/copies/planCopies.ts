import pLimit from 'p-limit';
import { recoverFrom, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { BrigadeError } from '../errors.ts';
import { headObject, type ObjectDetails } from '../objects/listing.ts';
import { formatS3Uri } from '../s3Uri.ts';
import { compareKeys } from '../selection/keyOrder.ts';
import { listPage } from '../selection/listPage.ts';
import { readSelection } from '../selection/readSelection.ts';
import type { ObjectRef } from '../selection/selection.ts';
import type { CopyItem, CopyOrder } from './copies.ts';
import { inKeyOrder } from './inKeyOrder.ts';

export interface PlanInput {
  readonly orders: readonly CopyOrder[];
  /** Where all of it goes. */
  readonly bucket: string;
}

export interface PlanProgress {
  readonly objects: number;
}

/** An object whose destination key already exists. */
export interface CopyConflict extends CopyItem {
  /** Bytes and, as ISO 8601, when it was written: of the object, and of what is in its place. */
  readonly size: number;
  readonly modified?: string;
  readonly sizeThere: number;
  readonly modifiedThere?: string;
}

/** What a copy would do: how much it copies, and what is in its way. */
export interface CopyPlan {
  readonly objects: number;
  /** Bytes. */
  readonly bytes: number;
  /** Objects of an archive class: they can't be copied unless they are restored. */
  readonly archived: number;
  /** The first of them. */
  readonly samples: readonly CopyItem[];
  readonly conflicts: number;
  /** The first of those, in the order of their keys. */
  readonly firstConflicts: readonly CopyConflict[];
}

/** What can be asked about one by one. */
const CONFLICTS_KEPT = 200;
const SAMPLES = 12;
const HEADS_AT_A_TIME = 16;

/**
 * Counts what would be copied, and finds what is in its way; memory stays flat. Where nothing is below
 * a destination yet, which is looked at first, the objects are counted in parallel; else both sides
 * are gone through in the order of their keys.
 *
 * @throws BrigadeError `NotFound` for a chosen object that is not there; `AccessDenied`
 *   (s3:ListBucket, s3:GetObject) …
 */
export async function planCopies(
  clients: AwsClients,
  { orders, bucket }: PlanInput,
  options: CallOptions & { readonly onProgress?: (progress: PlanProgress) => void } = {},
): Promise<CopyPlan> {
  const plan = new Plan(count => options.onProgress?.({ objects: count }));
  const single = orders.filter(({ isPrefix }) => !isPrefix);
  await pLimit(HEADS_AT_A_TIME).map(single, order =>
    lookAtObject(clients, order, bucket, plan, options),
  );
  for (const order of orders.filter(({ isPrefix }) => isPrefix)) {
    const isFree = !(await isTaken(clients, bucket, order.to, options));
    if (isFree) await countPrefix(clients, order, plan, options);
    else await comparePrefix(clients, order, bucket, plan, options);
  }
  const subject = orders[0] && formatS3Uri(orders[0]);
  if (plan.isEmpty) throw new BrigadeError('NotFound', 'There is no object', { subject });
  return plan.result();
}

/** Whether anything is below a prefix; a caller who may not list learns of it object by object. */
async function isTaken(
  clients: AwsClients,
  bucket: string,
  prefix: string,
  options: CallOptions,
): Promise<boolean> {
  return await recoverFrom(['AccessDenied'], false, async () => {
    const client = await clients.s3ForBucket(bucket, options.signal);
    const input = { bucket, versions: 'current', range: { prefix }, most: 1 } as const;
    return (await listPage(client, input, options)).refs.length > 0;
  });
}

async function lookAtObject(
  clients: AwsClients,
  order: CopyOrder,
  bucket: string,
  plan: Plan,
  options: CallOptions,
): Promise<void> {
  const source = await clients.s3ForBucket(order.bucket, options.signal);
  const found = refOf(order, await headObject(source, order, options));
  plan.add(found, order.to);
  if (order.bucket === bucket && order.key === order.to) return;
  const target = await clients.s3ForBucket(bucket, options.signal);
  const there = await headIfThere(() => headObject(target, { bucket, key: order.to }, options));
  if (there) plan.addConflict(found, order.to, refOf({ bucket, key: order.to }, there));
}

/** A key that is no key is said of this one object, when it is copied. */
async function headIfThere(run: () => Promise<ObjectDetails>): Promise<ObjectDetails | undefined> {
  return await recoverFrom(['NotFound', 'AccessDenied', 'InvalidInput'], undefined, run);
}

function refOf(
  { bucket, key }: { readonly bucket: string; readonly key: string },
  { size, lastModified, storageClass, archive }: ObjectDetails,
): ObjectRef {
  return {
    ...{ bucket, key, size, lastModified: lastModified?.toISOString() },
    storageClass: archive === 'readable' ? undefined : storageClass,
  };
}

async function countPrefix(
  clients: AwsClients,
  { bucket, key, to }: CopyOrder,
  plan: Plan,
  { signal }: CallOptions,
): Promise<void> {
  const selection = { kind: 'listing', bucket, prefixes: [key], filter: {} } as const;
  const reading = readSelection(clients, { ...selection, versions: 'current' }, { signal });
  for await (const refs of reading) {
    for (const ref of refs) plan.add(ref, to + ref.key.slice(key.length));
  }
}

async function comparePrefix(
  clients: AwsClients,
  { bucket: from, key, to }: CopyOrder,
  bucket: string,
  plan: Plan,
  options: CallOptions,
): Promise<void> {
  const there = inKeyOrder(clients, { bucket, prefix: to }, options);
  let next = await there.next();
  for await (const ref of inKeyOrder(clients, { bucket: from, prefix: key }, options)) {
    const target = to + ref.key.slice(key.length);
    plan.add(ref, target);
    while (!next.done && compareKeys(next.value.key, target) < 0) next = await there.next();
    if (!next.done && next.value.key === target) plan.addConflict(ref, target, next.value);
  }
  await there.return(undefined);
}

class Plan {
  readonly #onCount: (count: number) => void;
  readonly #samples: CopyItem[] = [];
  readonly #conflicts: CopyConflict[] = [];
  #counts = { objects: 0, bytes: 0, archived: 0, conflicts: 0 };

  constructor(onCount: (count: number) => void) {
    this.#onCount = onCount;
  }

  add({ bucket, key, size = 0, storageClass = '' }: ObjectRef, to: string): void {
    const { objects, bytes, archived, conflicts } = this.#counts;
    const isArchived = storageClass === 'GLACIER' || storageClass === 'DEEP_ARCHIVE';
    this.#counts = {
      ...{ objects: objects + 1, bytes: bytes + size, conflicts },
      archived: archived + (isArchived ? 1 : 0),
    };
    if (this.#samples.length < SAMPLES) this.#samples.push({ bucket, key, to });
    this.#onCount(this.#counts.objects);
  }

  addConflict(
    { bucket, key, size = 0, lastModified }: ObjectRef,
    to: string,
    there: ObjectRef,
  ): void {
    this.#counts = { ...this.#counts, conflicts: this.#counts.conflicts + 1 };
    if (this.#conflicts.length === CONFLICTS_KEPT) return;
    this.#conflicts.push({
      ...{ bucket, key, to, size, modified: lastModified },
      ...{ sizeThere: there.size ?? 0, modifiedThere: there.lastModified },
    });
  }

  get isEmpty(): boolean {
    return this.#counts.objects === 0;
  }

  result(): CopyPlan {
    return { ...this.#counts, samples: this.#samples, firstConflicts: this.#conflicts };
  }
}
