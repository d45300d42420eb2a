import { isBucketName, isDirectoryBucketName, type S3Address } from '../../aws/s3Uri.ts';
import type { ObjectLocation, S3Location } from '../../commands.ts';

/** The bucket, and the prefix in it, that the user looks at. */
export interface PlaceInFront {
  readonly bucket: string;
  /** Ends in `/`; absent or empty for the whole bucket. */
  readonly key?: string;
}

/**
 * What a text that was typed or pasted may mean, likeliest first: an address means itself. Anything else is
 * a key of the bucket in front, or of the prefix in front; a folder's name needs no slash. Last it may
 * be `bucket/key`.
 *
 * @param address what the text is read as, where it is an address of S3's
 */
export function placesOf(
  text: string,
  address: S3Address | undefined,
  front: PlaceInFront | undefined,
): readonly S3Location[] {
  if (address) {
    const { bucket, key } = address;
    return key === undefined ? [{ bucket }] : withSlash({ bucket, key });
  }
  if (text === '') return [];
  const places: S3Location[] = [];
  if (front) {
    places.push(...withSlash({ bucket: front.bucket, key: text }));
    if (front.key) places.push(...withSlash({ bucket: front.bucket, key: front.key + text }));
  }
  const typed = text.trim();
  const slash = typed.indexOf('/');
  const bucket = slash < 0 ? typed : typed.slice(0, slash);
  const key = slash < 0 ? '' : typed.slice(slash + 1);
  if (isBucketName(bucket) && !isDirectoryBucketName(bucket))
    places.push(...(key === '' ? [{ bucket }] : withSlash({ bucket, key })));
  return places;
}

function withSlash(place: ObjectLocation): S3Location[] {
  return place.key.endsWith('/') ? [place] : [place, { ...place, key: `${place.key}/` }];
}
