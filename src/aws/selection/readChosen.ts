import { readInOrder, type ReadSelectionOptions, type SelectionReading } from './reading.ts';
import type { ObjectRef } from './selection.ts';

/** Objects that were chosen one by one. */
export function readChosen(
  objects: readonly ObjectRef[],
  options: ReadSelectionOptions,
): SelectionReading {
  return readInOrder(() => objects, 's3://', options);
}
