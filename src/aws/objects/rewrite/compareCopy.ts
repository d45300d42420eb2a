import type { ObjectState } from './objectState.ts';

type Fields = ObjectState['headers'] & ObjectState['settings'];

/** The names that S3's documentation has for what can be lost. */
const NAMES = [
  ['CacheControl', 'Cache-Control'],
  ['ContentDisposition', 'Content-Disposition'],
  ['ContentEncoding', 'Content-Encoding'],
  ['ContentLanguage', 'Content-Language'],
  ['ContentType', 'Content-Type'],
  ['ObjectLockLegalHoldStatus', 'legal hold'],
  ['ObjectLockMode', 'retention mode'],
  ['SSEKMSKeyId', 'KMS key'],
  ['ServerSideEncryption', 'encryption'],
  ['StorageClass', 'storage class'],
  ['WebsiteRedirectLocation', 'website redirect'],
] as const satisfies readonly (readonly [keyof Fields, string])[];

/** What an object has and its copy has not, by name; empty when all of it is there. */
export function compareCopy(from: ObjectState, copy: ObjectState): string[] {
  const lost: string[] = [];
  if (copy.size !== from.size) lost.push('size');
  const [was, is]: Fields[] = [from, copy].map(each => ({ ...each.headers, ...each.settings }));
  for (const [field, name] of NAMES) {
    if (was?.[field] !== undefined && was[field] !== is?.[field]) lost.push(name);
  }
  if (from.expires !== copy.expires) lost.push('Expires');
  const metadata = Object.entries(from.headers.Metadata ?? {});
  if (metadata.some(([name, value]) => copy.headers.Metadata?.[name] !== value)) {
    lost.push('metadata');
  }
  // A caller who may not read tags is told no count of either.
  if ((from.tagCount ?? 0) > (copy.tagCount ?? 0)) lost.push('tags');
  if (sameChecksum(from, copy) === false) lost.push('checksum');
  return lost;
}

/** Whether two objects have the same bytes, as far as their digests tell. */
export function hasSameBytes(one: ObjectState, other: ObjectState): boolean {
  if (one.size !== other.size) return false;
  return one.eTag === other.eTag || sameChecksum(one, other) === true;
}

/** Undefined where they can't be compared: of other algorithms, or of parts that may differ. */
function sameChecksum({ checksum: one }: ObjectState, { checksum: other }: ObjectState) {
  if (!one || !other || one.algorithm !== other.algorithm) return undefined;
  return one.isComposite || other.isComposite ? undefined : one.value === other.value;
}
