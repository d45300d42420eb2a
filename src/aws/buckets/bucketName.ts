/** A rule that the name of a new bucket breaks; `words` is what is reserved. */
export type BucketNameProblem =
  | { readonly kind: 'tooShort' | 'tooLong' | 'characters' | 'upperCase' | 'ends' }
  | { readonly kind: 'periods' | 'besidePeriod' | 'address' }
  | { readonly kind: 'reservedStart' | 'reservedEnd'; readonly words: string }
  /** `-an`: only names of the account's regional namespace end so. */
  | { readonly kind: 'otherNamespace' };

const RESERVED_STARTS = ['xn--', 'sthree-', 'amzn-s3-demo-'];
const RESERVED_ENDS = ['-s3alias', '--ol-s3', '.mrap', '--x-s3', '--table-s3'];
const MIN = 3;
const MAX = 63;

/**
 * What is wrong with the name of a new general purpose bucket, the first thing only (Amazon S3 user guide,
 * "General purpose bucket naming rules"); hyphens beside periods make no host name.
 *
 * @param accountId tells names of the account's regional namespace (user guide, "Namespaces for general
 *   purpose buckets"): `<prefix>-<account id>-<Region>-an`
 */
export function bucketNameProblem(name: string, accountId = ''): BucketNameProblem | undefined {
  if (name.length < MIN) return { kind: 'tooShort' };
  if (name.length > MAX) return { kind: 'tooLong' };
  if (/[A-Z]/.test(name)) return { kind: 'upperCase' };
  if (/[^a-z0-9.-]/.test(name)) return { kind: 'characters' };
  if (!/^[a-z0-9].*[a-z0-9]$/.test(name)) return { kind: 'ends' };
  if (name.includes('..')) return { kind: 'periods' };
  if (/\.-|-\./.test(name)) return { kind: 'besidePeriod' };
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(name)) return { kind: 'address' };
  const start = RESERVED_STARTS.find(each => name.startsWith(each));
  if (start !== undefined) return { kind: 'reservedStart', words: start };
  const end = RESERVED_ENDS.find(each => name.endsWith(each));
  if (end !== undefined) return { kind: 'reservedEnd', words: end };
  const isOther = name.endsWith('-an') && namespaceRegion(name, accountId) === undefined;
  return isOther ? { kind: 'otherNamespace' } : undefined;
}

/** The Region of a name of the account's regional namespace; undefined for any other name. */
export function namespaceRegion(name: string, accountId: string): string | undefined {
  const match = /^.+-(\d{12})-([a-z]{2,4}(?:-[a-z]+){1,3}-\d{1,2})-an$/.exec(name);
  return match && accountId !== '' && match[1] === accountId ? match[2] : undefined;
}
