import type { S3Location } from '../commands.ts';
import type { Owner } from './sessionOwner.ts';

/** What VS Code keeps of a page about an object or bucket: whose it is, and of what. */
export interface KeptPlace {
  readonly owner: Owner;
  readonly place: S3Location;
}

/** What a page has kept; undefined for what no page of this version has. */
export function readKept(state: unknown): KeptPlace | undefined {
  const { kept } = recordOf(state);
  const { owner, place } = recordOf(kept);
  const { key, connectionId, name } = recordOf(owner);
  const { bucket, key: objectKey } = recordOf(place);
  if (typeof key !== 'string' || typeof connectionId !== 'string' || typeof name !== 'string') {
    return undefined;
  }
  if (typeof bucket !== 'string' || bucket === '') return undefined;
  if (objectKey !== undefined && typeof objectKey !== 'string') return undefined;
  return {
    owner: { key, connectionId, name },
    place: objectKey === undefined ? { bucket } : { bucket, key: objectKey },
  };
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
