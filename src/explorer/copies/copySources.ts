import type { CopySource } from '../../aws/copies/orders.ts';
import type { S3Location } from '../../commands.ts';
import { isObject } from '../tree/rows.ts';

/** What a row or location stands for: an object, or all below a prefix or bucket. */
export function sourceOf(location: S3Location): CopySource {
  const { bucket, key = '' } = location;
  return { bucket, key, isPrefix: !isObject(location) };
}

/** What is put below a location: for an object, below the prefix that it is in. */
export function folderOf(location: S3Location): { bucket: string; prefix: string } {
  const { bucket, key = '' } = location;
  const prefix = isObject(location) ? key.slice(0, key.lastIndexOf('/') + 1) : key;
  return { bucket, prefix };
}
