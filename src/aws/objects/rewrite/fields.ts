import { decodeWords, encodeWords } from './encodedWords.ts';
import type { KeptHeaders } from './kept.ts';
import type { ObjectState } from './objectState.ts';

/** Headers that an object is given back with, in the order in which people look for them. */
export const HEADER_FIELDS = [
  ...['Content-Type', 'Cache-Control', 'Content-Disposition', 'Content-Encoding'],
  ...['Content-Language', 'Expires'],
] as const;

/** What stands before the name of user metadata on the wire, and here. */
export const METADATA_PREFIX = 'x-amz-meta-';

/** An object's headers and user metadata by their names on the wire, as people read them. */
export type Fields = Readonly<Record<string, string>>;

/** What happens to fields, as JSON; null removes one. */
export type FieldChanges = Readonly<Record<string, string | null>>;

type HeaderName = 'CacheControl' | 'ContentDisposition' | 'ContentEncoding' | 'ContentLanguage';

const HEADERS: Readonly<Record<string, HeaderName | 'ContentType'>> = {
  'Content-Type': 'ContentType',
  'Cache-Control': 'CacheControl',
  'Content-Disposition': 'ContentDisposition',
  'Content-Encoding': 'ContentEncoding',
  'Content-Language': 'ContentLanguage',
};

/** The fields of an object as it is. */
export function fieldsOf({ headers, expires }: Pick<ObjectState, 'headers' | 'expires'>): Fields {
  const fields: Record<string, string> = {};
  for (const [name, member] of Object.entries(HEADERS)) {
    const value = headers[member];
    if (value !== undefined) fields[name] = value;
  }
  if (expires !== undefined) fields['Expires'] = expires;
  for (const [name, value] of Object.entries(headers.Metadata ?? {})) {
    fields[`${METADATA_PREFIX}${name}`] = decodeWords(value);
  }
  return fields;
}

/** The state that an object has with changed fields; those that no change names stay as they are. */
export function withFields(state: ObjectState, changes: FieldChanges): ObjectState {
  const headers: Record<string, string | undefined> = {};
  const metadata = new Map(Object.entries(state.headers.Metadata ?? {}));
  let { expires } = state;
  for (const [name, value] of Object.entries(changes)) {
    const member = HEADERS[name];
    if (member) headers[member] = value ?? undefined;
    else if (name === 'Expires') expires = value ?? undefined;
    else if (value === null) metadata.delete(name.slice(METADATA_PREFIX.length));
    else metadata.set(name.slice(METADATA_PREFIX.length), encodeWords(value));
  }
  const changed: KeptHeaders = {
    ...state.headers,
    ...headers,
    Metadata: Object.fromEntries(metadata),
  };
  return { ...state, headers: changed, expires };
}

/** Names of the fields that differ between two objects, or that only one of them has. */
export function differingFields(wanted: ObjectState, is: ObjectState): string[] {
  const [want, have] = [fieldsOf(wanted), fieldsOf(is)];
  const names = [...new Set([...Object.keys(want), ...Object.keys(have)])];
  return names.filter(name => {
    // S3 gives one to whatever is written without.
    if (name === 'Content-Type' && want[name] === undefined) return false;
    return want[name] !== have[name];
  });
}
