import type { CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import type { Tag } from '../objects/tagRules.ts';
import type { TaggedObject } from '../objects/tags.ts';
import { Pace } from '../pace.ts';
import { readSelection } from '../selection/readSelection.ts';
import type { ObjectSelection } from '../selection/selection.ts';
import { itemsOf } from './changeTags.ts';
import { stopsTask } from '../interruption.ts';
import { failureOf, problemFailure, type TaskFailure } from './resultRows.ts';
import { readTagsWithRetries } from './readTags.ts';
import { applyTagChange, type AppliedChange, type TagChange } from './tagChange.ts';
import type { WorkItem } from './workList.ts';

export interface PreviewTagsInput {
  /** Looks at so many objects, and no more; at all when absent. */
  readonly limit?: number;
  readonly selection: ObjectSelection;
  readonly change: TagChange;
}

export interface TagPreview {
  /** Objects that were looked at. */
  readonly looked: number;
  /** Whether those are all. */
  readonly complete: boolean;
  readonly changing: number;
  readonly unchanged: number;
  /** Objects that can't be changed, by reason, the most frequent first. */
  readonly refused: readonly Refusal[];
  /** The first objects that change. */
  readonly examples: readonly {
    readonly object: TaggedObject;
    readonly before: readonly Tag[];
    readonly after: readonly Tag[];
  }[];
}

export interface Refusal extends TaskFailure {
  readonly count: number;
  readonly samples: readonly TaggedObject[];
}

export interface PreviewProgress {
  /** Objects that were looked at so far. */
  readonly looked: number;
}

export interface PreviewOptions extends CallOptions {
  readonly onProgress?: (progress: PreviewProgress) => void;
}

const REQUESTS = 48;
const EXAMPLES = 10;
const SAMPLES = 5;
/** Kinds of refusals that are distinguished. */
const KINDS = 50;

/**
 * Says what a change would do, and changes nothing: one GetObjectTagging an object.
 *
 * @throws BrigadeError `AccessDenied` (s3:ListBucket) …; objects whose tags can't be read are counted
 */
export async function previewTags(
  clients: AwsClients,
  { selection, change, limit }: PreviewTagsInput,
  options: PreviewOptions = {},
): Promise<TagPreview> {
  const items = itemsOf(readSelection(clients, selection, { signal: options.signal }));
  const plan: Plan = (_, current) => applyTagChange(current, change);
  return await previewItems(clients, { items, plan, limit }, options);
}

type Plan = (item: WorkItem, current: readonly Tag[]) => AppliedChange;

/** The same for what any task would do. @throws as previewTags */
export async function previewItems(
  clients: AwsClients,
  input: {
    readonly items: AsyncIterable<readonly WorkItem[]>;
    readonly plan: Plan;
    readonly limit?: number;
  },
  options: PreviewOptions,
): Promise<TagPreview> {
  const { limit = Infinity } = input;
  const preview = new Preview();
  const pace = new Pace({ most: REQUESTS });
  let complete = true;
  for await (const items of input.items) {
    const room = items.slice(0, limit - preview.looked);
    await preview.addAll(clients, pace, room, input.plan, options);
    complete = room.length === items.length;
    if (!complete) break;
  }
  return preview.summary(complete);
}

class Preview {
  looked = 0;
  #changing = 0;
  #unchanged = 0;
  readonly #examples: TagPreview['examples'][number][] = [];
  readonly #refused = new Map<string, Refusal>();

  async addAll(
    clients: AwsClients,
    pace: Pace,
    items: readonly WorkItem[],
    plan: Plan,
    { signal, onProgress }: PreviewOptions,
  ): Promise<void> {
    const look = async (item: WorkItem): Promise<void> => {
      try {
        const before = await readTagsWithRetries(clients, pace, item.object, { signal });
        this.#add(item.object, before, plan(item, before));
      } catch (error) {
        if (stopsTask(error)) throw error;
        this.#refuse(item.object, failureOf(error));
      }
      this.looked += 1;
      onProgress?.({ looked: this.looked });
    };
    await Promise.all(items.map(look));
  }

  #add(object: TaggedObject, before: readonly Tag[], applied: AppliedChange): void {
    if ('problem' in applied) {
      this.#refuse(object, problemFailure(applied.problem));
    } else if (!applied.changed) {
      this.#unchanged += 1;
    } else {
      this.#changing += 1;
      if (this.#examples.length < EXAMPLES) {
        this.#examples.push({ object, before, after: applied.after });
      }
    }
  }

  #refuse(object: TaggedObject, failure: TaskFailure): void {
    const kind = `${failure.code} ${failure.message}`;
    const key = this.#refused.has(kind) || this.#refused.size < KINDS ? kind : failure.code;
    const known = this.#refused.get(key) ?? { ...failure, count: 0, samples: [] };
    const samples = known.samples.length < SAMPLES ? [...known.samples, object] : known.samples;
    this.#refused.set(key, { ...known, count: known.count + 1, samples });
  }

  summary(complete: boolean): TagPreview {
    return {
      looked: this.looked,
      complete,
      changing: this.#changing,
      unchanged: this.#unchanged,
      refused: [...this.#refused.values()].sort((one, other) => other.count - one.count),
      examples: this.#examples,
    };
  }
}
