import type { QueryParameters } from '../request.ts';
import { invalidArgument } from './errors.ts';

const MAX_KEYS = 1000;

export interface ListParameters {
  readonly prefix: string;
  readonly delimiter: string;
  readonly maxKeys: number;
  /** Encodes keys of the answer when the client asked for it. */
  readonly encode: (text: string) => string;
  readonly encodingType?: string;
}

/**
 * What all listings share.
 * @param maxName the parameter that limits the page: max-keys, max-uploads …
 */
export function readListParameters(query: QueryParameters, maxName: string): ListParameters {
  const encodingType = query.get('encoding-type');
  if (encodingType !== undefined && encodingType !== 'url') {
    throw invalidArgument(
      'Invalid Encoding Method specified in Request',
      'encoding-type',
      encodingType,
    );
  }
  return {
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') ?? '',
    maxKeys: readMax(query.get(maxName), maxName),
    encode: encodingType === undefined ? text => text : urlEncode,
    encodingType,
  };
}

/** @throws AwsError InvalidArgument */
export function readMax(text: string | undefined, name: string): number {
  return text === undefined || text === '' ? MAX_KEYS : Math.min(readInteger(text, name), MAX_KEYS);
}

/** @throws AwsError InvalidArgument for what is no number from 0 to 2³¹ - 1. */
export function readInteger(text: string, name: string): number {
  if (!/^-?\d{1,10}$/.test(text)) {
    throw invalidArgument(`Provided ${name} not an integer or within integer range`, name, text);
  }
  const max = Number(text);
  if (max >= 0 && max <= 2 ** 31 - 1) return max;
  throw invalidArgument(`Argument ${name} must be an integer between 0 and 2147483647`, name, text);
}

const KEPT = /%2F|%20|~|[!'()]/g;
const AS_AWS: Readonly<Record<string, string>> = {
  '%2F': '/',
  '%20': '+',
  '~': '%7E',
  '!': '%21',
  "'": '%27',
  '(': '%28',
  ')': '%29',
};

/** As S3 writes it: slashes stay, a space is a plus. */
function urlEncode(text: string): string {
  return encodeURIComponent(text).replace(KEPT, part => AS_AWS[part] ?? part);
}
