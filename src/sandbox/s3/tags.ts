import { AwsError } from '../errors.ts';

export interface Tag {
  readonly key: string;
  readonly value: string;
}

export const MAX_OBJECT_TAGS = 10;
export const MAX_BUCKET_TAGS = 50;
/** In UTF-16 units, as S3 keeps tags (user guide, "Categorizing your objects using tags"). */
const MAX_KEY = 128;
const MAX_VALUE = 256;
const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/**
 * Checks a set of tags by S3's rules.
 * @throws AwsError BadRequest for too many, InvalidTag for anything else.
 */
export function checkTags(tags: readonly Tag[], limit: number): void {
  if (tags.length > limit) {
    const owner = limit === MAX_OBJECT_TAGS ? 'Object' : 'Bucket';
    throw new AwsError('BadRequest', 400, `${owner} tags cannot be greater than ${limit}`);
  }
  const keys = new Set<string>();
  for (const { key, value } of tags) {
    if (keys.has(key)) {
      throw invalidTag('Cannot provide multiple Tags with the same key', key);
    }
    keys.add(key);
    checkTag(key, value, limit === MAX_OBJECT_TAGS ? OF_OBJECT : OF_BUCKET);
  }
}

const OF_OBJECT = 'Your TagKey cannot be prefixed with aws:';
const OF_BUCKET = 'System tags cannot be added/updated by requester';

function checkTag(key: string, value: string, system: string): void {
  if (key.length < 1 || key.length > MAX_KEY || !ALLOWED.test(key)) {
    throw invalidTag('The TagKey you have provided is invalid', key);
  }
  if (/^aws:/i.test(key)) {
    throw invalidTag(system, key);
  }
  if (value.length > MAX_VALUE || !ALLOWED.test(value)) {
    throw new AwsError('InvalidTag', 400, 'The TagValue you have provided is invalid', {
      TagKey: key,
      TagValue: value,
    });
  }
}

function invalidTag(message: string, key: string): AwsError {
  return new AwsError('InvalidTag', 400, message, { TagKey: key });
}
