import { recoverFrom, type CallOptions } from '../call.ts';
import { BrigadeError } from '../errors.ts';
import { copyObject, type CopiedObject } from '../objects/rewrite/copyObject.ts';
import type { CopyInput as OneCopy, CopyOptions, CopyRoute } from '../objects/rewrite/copyRoute.ts';
import { readPlainState } from '../objects/rewrite/objectState.ts';
import type { CopyItem, OnConflict } from './copies.ts';
import { copyName } from './copyName.ts';

export interface OneOptions extends CopyOptions {
  readonly onConflict: OnConflict;
  /** An object at the destination may be from an earlier attempt of this task. */
  readonly mayBeOurs: boolean;
  /** The other name that an earlier attempt has used. */
  readonly knownName?: string;
  /** Called before an object is copied under another name. */
  readonly onName: (name: string) => Promise<void>;
}

/** Names that are tried for a copy of one key. */
const MAX_NAMES = 1000;

/**
 * Copies one object; `onConflict` decides what happens where the destination exists.
 *
 * @returns undefined when the object was skipped
 * @throws BrigadeError as copyObject; `Conflict` with the reason `Exists` for `fail`
 */
export async function copyOne(
  route: CopyRoute,
  item: CopyItem,
  options: OneOptions,
): Promise<CopiedObject | undefined> {
  const { key: from, to } = item;
  switch (options.onConflict) {
    case 'fail':
      return await copyObject(route, { from, to }, options);
    case 'skip':
      return await copyIfFree(route, { from, to }, options);
    case 'overwrite': {
      const over = await eTagAt(route, to, options);
      return await copyObject(route, { from, to, over }, options);
    }
    case 'keepBoth':
      return await copyBeside(route, item, options);
  }
}

/** The ETag that may be overwritten: that of the object as it is now, or any if it may not be read. */
async function eTagAt(
  { target }: CopyRoute,
  key: string,
  options: CallOptions,
): Promise<string | undefined> {
  const read = recoverFrom(['NotFound'], undefined, () => readPlainState(target, key, options));
  const there = await recoverFrom(['AccessDenied'], 'unknown' as const, () => read);
  return there === 'unknown' ? 'anything' : there?.eTag;
}

/** @returns undefined where another object exists */
async function copyIfFree(
  route: CopyRoute,
  input: OneCopy,
  options: OneOptions,
): Promise<CopiedObject | undefined> {
  try {
    const copied = await copyObject(route, input, options);
    return copied.wasThere && !options.mayBeOurs ? undefined : copied;
  } catch (error) {
    if (error instanceof BrigadeError && error.reason === 'Exists') return undefined;
    throw error;
  }
}

/** Copies under its own name where that is free, otherwise under the name of a copy. */
async function copyBeside(
  route: CopyRoute,
  { bucket, key: from, to }: CopyItem,
  options: OneOptions,
): Promise<CopiedObject | undefined> {
  const { knownName, onName } = options;
  const earlier =
    knownName === undefined
      ? undefined
      : await copyIfFree(route, { from, to: knownName }, { ...options, mayBeOurs: true });
  if (earlier) return earlier;
  const isSame = route.target.bucket === bucket && from === to;
  const first = isSame ? undefined : await copyIfFree(route, { from, to }, options);
  if (first) return first;
  for (let number = 1; number <= MAX_NAMES; number++) {
    const name = copyName(to, number);
    await onName(name);
    const copied = await copyIfFree(route, { from, to: name }, { ...options, mayBeOurs: false });
    if (copied) return copied;
  }
  throw new BrigadeError('Conflict', 'There are too many copies of it', { reason: 'Exists' });
}
