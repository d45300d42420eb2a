import { s3Of, xml, type Scenario } from '../scenario.ts';
import { document, etagOf } from './s3Words.ts';

const BODY = 'conditional';
const LONG_AGO = 'Thu, 01 Dec 1994 16:00:00 GMT';
const NOT_YET = 'Fri, 01 Jan 2100 00:00:00 GMT';
const ETAG = etagOf(BODY);
const OTHER = '"0123456789abcdef0123456789abcdef"';

const READS: Readonly<Record<string, Record<string, string>>> = {
  'If-Match': { 'if-match': ETAG },
  'If-Match without quotes': { 'if-match': ETAG.replaceAll('"', '') },
  'If-Match, weak': { 'if-match': `W/${ETAG}` },
  'If-Match, another': { 'if-match': OTHER },
  'If-Match, any': { 'if-match': '*' },
  'If-Match, a list': { 'if-match': `${OTHER}, ${ETAG}` },
  'If-None-Match': { 'if-none-match': ETAG },
  'If-None-Match, another': { 'if-none-match': OTHER },
  'If-None-Match, any': { 'if-none-match': '*' },
  'If-Modified-Since long ago': { 'if-modified-since': LONG_AGO },
  'If-Modified-Since in the future': { 'if-modified-since': NOT_YET },
  'If-Modified-Since, no date': { 'if-modified-since': 'yesterday' },
  'If-Unmodified-Since long ago': { 'if-unmodified-since': LONG_AGO },
  'If-Unmodified-Since in the future': { 'if-unmodified-since': NOT_YET },
  'If-Match and If-Unmodified-Since long ago': {
    ...{ 'if-match': ETAG, 'if-unmodified-since': LONG_AGO },
  },
  'If-None-Match, another, and If-Modified-Since in the future': {
    ...{ 'if-none-match': OTHER, 'if-modified-since': NOT_YET },
  },
  'If-None-Match and If-Modified-Since long ago': {
    ...{ 'if-none-match': ETAG, 'if-modified-since': LONG_AGO },
  },
  'If-Range': { 'if-range': ETAG, range: 'bytes=0-2' },
  'If-Range, another': { 'if-range': OTHER, range: 'bytes=0-2' },
};

const WRITES: Readonly<Record<string, Record<string, string>>> = {
  'If-None-Match, any': { 'if-none-match': '*' },
  'If-None-Match': { 'if-none-match': ETAG },
  'If-Match': { 'if-match': ETAG },
  'If-Match, another': { 'if-match': OTHER },
  'If-Match, any': { 'if-match': '*' },
  'If-Match and If-None-Match': { 'if-match': ETAG, 'if-none-match': '*' },
};

/** Conditions of reads, writes, deletions and completions. */
export const S3_CONDITIONS: Scenario = {
  name: 's3-conditions',
  hasBucket: true,
  async run({ bucket, probe, send }) {
    const { get, put, head, delete: remove } = s3Of(bucket);
    await send(put('k', { body: BODY }));
    for (const [name, headers] of Object.entries(READS)) {
      await probe(`get: ${name}`, get('k', { headers }));
      await probe(`head: ${name}`, head('k', { headers }));
    }
    for (const [name, headers] of Object.entries(WRITES)) {
      await probe(`put over one: ${name}`, put('k', { headers, body: BODY }));
      await probe(
        `put a new one: ${name}`,
        put(`new ${name}`.replace(/\W+/g, '-'), { headers, body: BODY }),
      );
    }
    await probe('delete: If-Match, another', remove('k', { headers: { 'if-match': OTHER } }));
    await probe('delete: If-Match', remove('k', { headers: { 'if-match': ETAG } }));
    await probe('delete a missing key: If-Match', remove('k', { headers: { 'if-match': ETAG } }));
    await probe('delete a missing key: any', remove('k', { headers: { 'if-match': '*' } }));
    await send(put('k', { body: BODY }));
    const entry = (etag: string): string =>
      xml('Delete', `<Object><Key>k</Key><ETag>${etag}</ETag></Object>`);
    const several = (body: string) =>
      s3Of(bucket).post('', { query: { delete: '' }, ...document(body) });
    await probe('delete several: another ETag', several(entry('0123456789abcdef0123456789abcdef')));
    await probe('delete several: its ETag', several(entry(ETAG.replaceAll('"', ''))));
  },
};
