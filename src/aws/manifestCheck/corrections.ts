import type { ManifestProblemKind } from '../manifest/manifestProblems.ts';

/** What can be put right in a CSV manifest without asking about each row. */
export type Correction =
  | 'dropHeader'
  /** Keys that are not URL-encoded are taken as they stand and encoded; the others stay. */
  | 'encodeKeys'
  /** Every key is taken as it stands, percent signs and plus signs too. */
  | 'encodeAllKeys'
  /** A plus sign is one, and not a space. */
  | 'keepPlusSigns'
  | 'trimSpaces'
  /** Cells between which something else than a comma stands, or `s3://` URIs. */
  | 'splitCells'
  /** The commas after the first belong to the key. */
  | 'joinCells'
  /** S3 is asked for the latest version of each row without one. */
  | 'fillVersions'
  | 'dropVersions'
  | 'dropDamaged'
  | 'dropDuplicates'
  /** S3 is asked for each object; what doesn't exist is left out. */
  | 'dropMissing'
  /** Rewriting the manifest is enough: LF, no byte order mark, no blank lines, S3's own keys. */
  | 'rewrite';

/** What fixes each kind, the likeliest first; the rest nobody can put right but by hand. */
const CORRECTIONS: Readonly<Partial<Record<ManifestProblemKind, readonly Correction[]>>> = {
  headerRow: ['dropHeader'],
  loneBucket: ['dropHeader'],
  unencodedKey: ['encodeKeys', 'encodeAllKeys'],
  plusSign: ['keepPlusSigns'],
  columnCount: ['joinCells', 'dropDamaged'],
  malformed: ['dropDamaged'],
  emptyKey: ['dropDamaged'],
  keyTooLong: ['dropDamaged'],
  bucketName: ['dropDamaged'],
  notUtf8: ['dropDamaged'],
  mixedVersions: ['fillVersions', 'dropVersions'],
  versionId: ['fillVersions', 'dropVersions'],
  trailingSpace: ['trimSpaces'],
  separator: ['splitCells'],
  s3Uris: ['splitCells'],
  duplicateRow: ['dropDuplicates'],
  objectMissing: ['dropMissing'],
  bucketMissing: ['dropMissing'],
  byteOrderMark: ['rewrite'],
  lineEnds: ['rewrite'],
  blankLine: ['rewrite'],
  encryption: ['rewrite'],
};

/** What fixes a kind of problem; empty where only a person can. */
export function correctionsOf(kind: ManifestProblemKind): readonly Correction[] {
  return CORRECTIONS[kind] ?? [];
}

/** Of two that exclude each other the first stands: a set has one of them at most. */
const EXCLUSIVE: readonly (readonly Correction[])[] = [
  ['encodeKeys', 'encodeAllKeys'],
  ['fillVersions', 'dropVersions'],
  ['keepPlusSigns', 'encodeAllKeys'],
];

/** What fixes all that was found, as far as it goes: the likeliest correction of each kind. */
export function usualCorrections(
  counts: Readonly<Partial<Record<ManifestProblemKind, number>>>,
): Correction[] {
  const kinds = Object.entries(counts).filter(([, count]) => count > 0);
  // What has no second meaning comes along; a plus sign may be meant as the space that it stands for.
  const found = kinds
    .map(([kind]) => kind as ManifestProblemKind)
    .filter(kind => kind !== 'plusSign')
    .flatMap(kind => correctionsOf(kind).slice(0, 1));
  return [...new Set(found)];
}

/** Whether two corrections can't be made together. */
export function exclude(one: Correction, other: Correction): boolean {
  return one !== other && EXCLUSIVE.some(pair => pair.includes(one) && pair.includes(other));
}
