import { AwsError } from '../errors.ts';
import { limitExceeded, validationError } from './iamErrors.ts';

/** A tag of a role or of a managed policy. */
export interface IamTag {
  readonly key: string;
  readonly value: string;
}

const MAX_TAGS = 50;
const CHARACTERS = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** @throws AwsError LimitExceeded, InvalidInput, ValidationError by AWS's rules for tags of IAM. */
export function checkTags(tags: readonly IamTag[]): readonly IamTag[] {
  if (tags.length > MAX_TAGS) {
    throw limitExceeded(`The number of tags has reached the maximum limit of ${MAX_TAGS}.`);
  }
  if (new Set(tags.map(tag => tag.key.toLowerCase())).size < tags.length) {
    throw new AwsError(
      'InvalidInput',
      400,
      'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
    );
  }
  for (const { key, value } of tags) {
    if (key === '' || key.length > 128 || !CHARACTERS.test(key) || /^aws:/i.test(key)) {
      throw validationError(`The tag key ${key} is invalid.`);
    }
    if (value.length > 256 || !CHARACTERS.test(value)) {
      throw validationError(`The value of the tag ${key} is invalid.`);
    }
  }
  return tags;
}

/** Tags with others over them: of the same key, in whatever case, the added one counts. */
export function withTags(tags: readonly IamTag[], added: readonly IamTag[]): readonly IamTag[] {
  const kept = withoutKeys(
    tags,
    added.map(({ key }) => key),
  );
  return checkTags([...kept, ...added]);
}

export function withoutKeys(tags: readonly IamTag[], keys: readonly string[]): readonly IamTag[] {
  const removed = new Set(keys.map(key => key.toLowerCase()));
  return tags.filter(({ key }) => !removed.has(key.toLowerCase()));
}
