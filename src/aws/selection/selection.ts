/** Which objects something is done to, however many they are. Nothing here loads the AWS SDK. */

/** An object or one of its versions. */
export interface ObjectRef {
  readonly bucket: string;
  readonly key: string;
  /** `null` for the version of before versioning. */
  readonly versionId?: string;
  /** Bytes. */
  readonly size?: number;
  /** ISO 8601. */
  readonly lastModified?: string;
  readonly storageClass?: string;
  /** Where `everything` is listed: whether it is the newest of its key. */
  readonly latest?: boolean;
  /** It is no object: only a listing of `everything` gives delete markers. */
  readonly deleteMarker?: true;
}

/** What an object's tags must be; tells nothing of its other tags. */
export type TagCondition =
  | { readonly kind: 'has' | 'lacks'; readonly key: string }
  | { readonly kind: 'equals'; readonly key: string; readonly value: string };

/** All of it must hold; what is absent holds for every object. */
export interface ObjectFilter {
  /** What keys end with, case-sensitive. */
  readonly suffix?: string;
  readonly contains?: string;
  /** Of the whole key: `*` within a segment, `**` across them, `?`, `[a-z]`, `{a,b}`. */
  readonly glob?: string;
  /** JavaScript's, found anywhere in the key. */
  readonly regex?: string;
  /** Both included. */
  readonly minBytes?: number;
  readonly maxBytes?: number;
  /** ISO 8601: not before, and before. */
  readonly modifiedAfter?: string;
  readonly modifiedBefore?: string;
  /** Any of them, by S3's names; objects without one are `STANDARD`. */
  readonly storageClasses?: readonly string[];
  /** One request an object. */
  readonly tags?: readonly TagCondition[];
}

export interface Listing {
  readonly kind: 'listing';
  readonly bucket: string;
  /** `['']` for the whole bucket. What lies within another of them counts once. */
  readonly prefixes: readonly string[];
  readonly filter: ObjectFilter;
  /** `all`: every version, delete markers left out; `everything`: with them. */
  readonly versions: 'current' | 'all' | 'everything';
  /** Chosen beside the prefixes; the filter doesn't count for them. */
  readonly objects?: readonly ObjectRef[];
}

export type ObjectSelection =
  | { readonly kind: 'objects'; readonly objects: readonly ObjectRef[] }
  | Listing
  /** A CSV manifest or an inventory's manifest.json. */
  | {
      readonly kind: 'manifest';
      readonly bucket: string;
      readonly key: string;
      readonly versionId?: string;
    }
  /** Keys on this computer's disk: a CSV as manifests are, or one key a line. */
  | { readonly kind: 'file'; readonly path: string; readonly bucket: string };
