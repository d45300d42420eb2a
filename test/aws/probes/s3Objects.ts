import { createHash } from 'node:crypto';
import { s3Of, type Scenario } from '../scenario.ts';
import { copySource, md5 } from './s3Words.ts';

const BODY = 'The quick brown fox';

/** Headers that a PUT keeps, or refuses. */
const PUTS: Readonly<Record<string, Record<string, string>>> = {
  plain: {},
  'content headers': {
    ...{ 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'max-age=60' },
    ...{ 'content-disposition': 'attachment; filename="a.txt"', 'content-language': 'de, en' },
    ...{ 'content-encoding': 'identity' },
    expires: 'Thu, 01 Dec 1994 16:00:00 GMT',
  },
  metadata: { 'x-amz-meta-Color': 'red', 'x-amz-meta-empty': '', 'x-amz-meta-spaces': 'a  b' },
  'metadata of 2 KB': { 'x-amz-meta-k': 'v'.repeat(2047) },
  'metadata over 2 KB': { 'x-amz-meta-k': 'v'.repeat(2048) },
  'website redirect': { 'x-amz-website-redirect-location': '/elsewhere' },
  'redirect to nowhere': { 'x-amz-website-redirect-location': 'elsewhere' },
  MD5: { 'content-md5': md5(BODY) },
  'MD5 of something else': { 'content-md5': md5('other') },
  'no MD5': { 'content-md5': 'abc' },
  'standard-IA': { 'x-amz-storage-class': 'STANDARD_IA' },
  'unknown storage class': { 'x-amz-storage-class': 'COLD' },
  AES256: { 'x-amz-server-side-encryption': 'AES256' },
  'unknown encryption': { 'x-amz-server-side-encryption': 'AES512' },
  'private ACL': { 'x-amz-acl': 'private' },
  'owner control ACL': { 'x-amz-acl': 'bucket-owner-full-control' },
  'public ACL': { 'x-amz-acl': 'public-read' },
  'unknown ACL': { 'x-amz-acl': 'everybody' },
  CRC32: { 'x-amz-checksum-crc32': 't0V03g==' },
  'wrong CRC32': { 'x-amz-checksum-crc32': 'AAAAAA==' },
  'CRC32 of another length': { 'x-amz-checksum-crc32': 'AAAA' },
  'SHA-256': { 'x-amz-checksum-sha256': sha256(BODY) },
  'SHA-256 of something else': { 'x-amz-checksum-sha256': sha256('other') },
  'two checksums': {
    ...{ 'x-amz-checksum-sha256': sha256(BODY), 'x-amz-checksum-crc32': 't0V03g==' },
  },
  'unknown algorithm': { 'x-amz-sdk-checksum-algorithm': 'CRC99' },
  'hold of a bucket without lock': { 'x-amz-object-lock-legal-hold': 'ON' },
};

const KEYS: Readonly<Record<string, string>> = {
  'a space': 'a%20b',
  'a plus': 'a%2Bb',
  'a bare plus': 'a+b',
  'a slash at its end': 'folder/',
  'two slashes': 'a//b',
  'a dot segment': 'a/./b',
  'an encoded dot segment': 'a/%2E/b',
  'other letters': '%C3%BC/%E6%97%A5%E6%9C%AC',
  'an emoji': '%F0%9F%8C%9E',
  'a percent sign': '100%25',
  'an ampersand': 'a%26b%3Cc%3E',
  'a line feed': 'a%0Ab',
  'a quote': '%22%27',
  '1024 bytes': 'k'.repeat(1024),
  '1025 bytes': 'k'.repeat(1025),
  'no UTF-8': '%FF%FE',
};

const RANGES = [
  ...['bytes=0-0', 'bytes=0-3', 'bytes=4-', 'bytes=-3', 'bytes=0-999', 'bytes=18-18'],
  ...[
    'bytes=19-',
    'bytes=-0',
    'bytes=-999',
    'bytes=5-2',
    'bytes=0-1,3-4',
    'lines=0-1',
    'bytes=a-b',
  ],
  'bytes=',
];

const RESPONSES: Readonly<Record<string, string>> = {
  'response-content-type': 'text/x-asked',
  'response-content-disposition': 'inline',
  'response-cache-control': 'no-store',
  'response-content-encoding': 'x',
  'response-content-language': 'fr',
  'response-expires': 'Thu, 01 Dec 1994 16:00:00 GMT',
};

/** What is put, as it comes back: headers, keys, ranges, copies, deletion. */
export const S3_OBJECTS: readonly Scenario[] = [
  {
    name: 's3-objects',
    hasBucket: true,
    async run({ bucket, probe, send }) {
      const { get, put, head, delete: remove } = s3Of(bucket);
      for (const [name, headers] of Object.entries(PUTS)) {
        const { status } = await probe(
          `put: ${name}`,
          put(name.replaceAll(' ', '-'), { headers, body: BODY }),
        );
        if (status !== 200) continue;
        const key = name.replaceAll(' ', '-');
        await probe(`head: ${name}`, head(key));
        const mode = { 'x-amz-checksum-mode': 'ENABLED' };
        await probe(`get: ${name}`, get(key, { headers: mode }));
      }
      for (const [name, path] of Object.entries(KEYS)) {
        const { status } = await probe(`put a key with ${name}`, put(path, { body: name }));
        if (status === 200) await probe(`get a key with ${name}`, get(path));
      }
      await probe('put nothing', put('empty'));
      await probe('get nothing', get('empty'));
      await probe('a range of nothing', get('empty', { headers: { range: 'bytes=0-1' } }));
      for (const range of RANGES) {
        await probe(`get ${range}`, get('plain', { headers: { range } }));
      }
      await probe('head bytes=0-3', head('plain', { headers: { range: 'bytes=0-3' } }));
      await probe('head bytes=19-', head('plain', { headers: { range: 'bytes=19-' } }));
      await probe('get part 1', get('plain', { query: { partNumber: '1' } }));
      await probe('head part 1', head('plain', { query: { partNumber: '1' } }));
      await probe('get part 2', get('plain', { query: { partNumber: '2' } }));
      await probe('get part 0', get('plain', { query: { partNumber: '0' } }));
      await probe('get with other response headers', get('plain', { query: RESPONSES }));
      await probe('get a missing key', get('missing'));
      await probe('head a missing key', head('missing'));
      await probe('delete a missing key', remove('missing'));
      await probe('delete', remove('plain'));
      await probe('get what was deleted', get('plain'));
      const attributes = 'ETag,Checksum,ObjectParts,StorageClass,ObjectSize';
      const asked = {
        headers: { 'x-amz-object-attributes': attributes },
        query: { attributes: '' },
      };
      await probe('attributes', get('SHA-256', asked));
      await probe('attributes of a missing key', get('missing', asked));
      await probe('attributes, none asked', get('SHA-256', { query: { attributes: '' } }));
      const unknown = { 'x-amz-object-attributes': 'Color' };
      await probe('unknown attribute', get('SHA-256', { headers: unknown, query: asked.query }));
      await send(put('gone', { body: 'x' }));
      await probe('post to an object', s3Of(bucket).post('gone'));
      await probe('an unknown method', { ...get('gone'), method: 'PATCH' });
      await probe('ACL of an object', get('gone', { query: { acl: '' } }));
      await probe('torrent', get('gone', { query: { torrent: '' } }));
      await probe('legal hold', get('gone', { query: { 'legal-hold': '' } }));
      await probe('retention', get('gone', { query: { retention: '' } }));
      await probe(
        'restore what is not archived',
        s3Of(bucket).post('gone', {
          query: { restore: '' },
          body: '<RestoreRequest><Days>1</Days></RestoreRequest>',
        }),
      );
    },
  },
  {
    name: 's3-copies',
    hasBucket: true,
    async run({ bucket, probe, send, names }) {
      const { get, put, head } = s3Of(bucket);
      const from = (key: string): string => `/${bucket}/${key}`;
      await send(
        put('from', {
          body: BODY,
          headers: { 'x-amz-meta-a': '1', 'content-type': 'text/plain', 'x-amz-tagging': 'a=1' },
        }),
      );
      await send(put('a%20b%2Bc', { body: 'odd' }));
      const etag = `"${createHash('md5').update(BODY).digest('hex')}"`;
      const cases: Record<string, Record<string, string>> = {
        copy: copySource(from('from')),
        'without a leading slash': copySource(from('from').slice(1)),
        'an encoded source': copySource(encodeURIComponent(from('from').slice(1))),
        'a key with a space and a plus': copySource(from('a%20b%2Bc')),
        'other metadata': {
          ...copySource(from('from')),
          ...{ 'x-amz-metadata-directive': 'REPLACE', 'x-amz-meta-b': '2' },
        },
        'metadata that is not replaced': { ...copySource(from('from')), 'x-amz-meta-b': '2' },
        'an unknown directive': {
          ...copySource(from('from')),
          'x-amz-metadata-directive': 'MERGE',
        },
        'other tags': {
          ...copySource(from('from')),
          ...{ 'x-amz-tagging-directive': 'REPLACE', 'x-amz-tagging': 'b=2' },
        },
        'an unknown tag directive': {
          ...copySource(from('from')),
          'x-amz-tagging-directive': 'MERGE',
        },
        'another class': { ...copySource(from('from')), 'x-amz-storage-class': 'STANDARD_IA' },
        'a checksum': { ...copySource(from('from')), 'x-amz-checksum-algorithm': 'SHA256' },
        'of a missing key': copySource(from('missing')),
        'of a missing bucket': copySource(`/missing-${names.suffix}/from`),
        'of no key': copySource(`/${bucket}/`),
        'of nothing': copySource('nothing'),
        'of an unknown version': copySource(`${from('from')}?versionId=unknown`),
        'if it matches': { ...copySource(from('from')), 'x-amz-copy-source-if-match': etag },
        'if it matches another': {
          ...copySource(from('from')),
          'x-amz-copy-source-if-match': '"0"',
        },
        'if it does not match': {
          ...copySource(from('from')),
          'x-amz-copy-source-if-none-match': etag,
        },
        'if modified since long ago': {
          ...copySource(from('from')),
          'x-amz-copy-source-if-modified-since': 'Thu, 01 Dec 1994 16:00:00 GMT',
        },
        'if unmodified since long ago': {
          ...copySource(from('from')),
          'x-amz-copy-source-if-unmodified-since': 'Thu, 01 Dec 1994 16:00:00 GMT',
        },
      };
      for (const [name, headers] of Object.entries(cases)) {
        const to = name.replaceAll(' ', '-');
        const { status } = await probe(`copy: ${name}`, put(to, { headers }));
        if (status !== 200) continue;
        await probe(`head of copy: ${name}`, head(to));
        await probe(`tags of copy: ${name}`, get(to, { query: { tagging: '' } }));
      }
      await probe('onto itself', put('from', { headers: copySource(from('from')) }));
      const replacing = { ...copySource(from('from')), 'x-amz-metadata-directive': 'REPLACE' };
      await probe('onto itself with other metadata', put('from', { headers: replacing }));
      await probe('with a body', put('body', { headers: copySource(from('from')), body: 'x' }));
    },
  },
];

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
