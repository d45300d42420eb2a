import { runTags } from '../../account/runNames.ts';
import { s3Of, xml, type Scenario } from '../scenario.ts';
import { document } from './s3Words.ts';

const tag = (key: string, value: string): string =>
  `<Tag><Key>${key}</Key><Value>${value}</Value></Tag>`;
const set = (...tags: string[]): string => xml('Tagging', `<TagSet>${tags.join('')}</TagSet>`);
const many = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => tag(`k${index}`, 'v'));

/** Tag documents that are put to an object and to a bucket alike. */
const DOCUMENTS: Readonly<Record<string, string>> = {
  one: set(tag('phototype', 'finished')),
  none: set(),
  'an empty value': set(tag('a', '')),
  'every character': set(tag('a B1+-=._:/@', 'c D2+-=._:/@')),
  'other letters': set(tag('ü', '日本')),
  ten: set(...many(10)),
  eleven: set(...many(11)),
  'fifty-one': set(...many(51)),
  'one key twice': set(tag('a', '1'), tag('a', '2')),
  'keys of two cases': set(tag('a', '1'), tag('A', '2')),
  'an empty key': set(tag('', 'v')),
  'a key of 128': set(tag('k'.repeat(128), 'v')),
  'a key of 129': set(tag('k'.repeat(129), 'v')),
  'a value of 256': set(tag('k', 'v'.repeat(256))),
  'a value of 257': set(tag('k', 'v'.repeat(257))),
  'a bad character in a key': set(tag('a*', 'v')),
  'a bad character in a value': set(tag('a', 'v&amp;')),
  'an emoji': set(tag('🌞', 'v')),
  'a key of AWS': set(tag('aws:a', 'v')),
  'a tag without a value': set('<Tag><Key>a</Key></Tag>'),
  'a tag without a key': set('<Tag><Value>a</Value></Tag>'),
  'an unknown element': set('<Label>a</Label>'),
  'no set': xml('Tagging', ''),
  'another root': xml('Tags', ''),
  'no namespace': '<Tagging><TagSet><Tag><Key>a</Key><Value>1</Value></Tag></TagSet></Tagging>',
  'no XML': 'tags',
  'unfinished XML': '<Tagging><TagSet>',
  nothing: '',
};

const HEADERS: Readonly<Record<string, string>> = {
  two: 'a=1&b=2',
  encoded: 'a%20b=c%2Bd&e+f=g',
  'an empty value': 'a=',
  'no value': 'a',
  'one key twice': 'a=1&a=2',
  eleven: Array.from({ length: 11 }, (_, index) => `k${index}=v`).join('&'),
  'a bad character': 'a%2A=1',
  'an empty key': '=1',
  'a key of AWS': 'aws:a=1',
  'a value of 257': `a=${'v'.repeat(257)}`,
};

/** Tags of objects and of buckets. */
export const S3_TAGS: Scenario = {
  name: 's3-tags',
  hasBucket: true,
  async run({ bucket, probe, send, names }) {
    const { get, put, head, delete: remove } = s3Of(bucket);
    const query = { tagging: '' };
    await send(put('k', { body: 'x' }));
    await probe('none yet', get('k', { query }));
    for (const [name, body] of Object.entries(DOCUMENTS)) {
      const { status } = await probe(`put: ${name}`, put('k', { query, ...document(body) }));
      if (status === 200) await probe(`get: ${name}`, get('k', { query }));
    }
    await probe('head of a tagged object', head('k'));
    await probe('get a tagged object', get('k'));
    const one = document(set(tag('a', '1')));
    await probe('put without a checksum', put('k', { query, body: one.body }));
    const wrong = { 'content-md5': document('other').headers['content-md5']! };
    await probe('put with another MD5', put('k', { query, body: one.body, headers: wrong }));
    await probe('put to a missing key', put('missing', { query, ...one }));
    await probe('get of a missing key', get('missing', { query }));
    await probe('delete of a missing key', remove('missing', { query }));
    await probe('delete', remove('k', { query }));
    await probe('get after deletion', get('k', { query }));
    const unknown = { ...query, versionId: 'unknown' };
    await probe('get of a version of nobody', get('k', { query: unknown }));
    await probe('get of the null version', get('k', { query: { ...query, versionId: 'null' } }));
    for (const [name, value] of Object.entries(HEADERS)) {
      const headers = { 'x-amz-tagging': value };
      const key = `by-header-${name.replaceAll(' ', '-')}`;
      const { status } = await probe(`by header: ${name}`, put(key, { headers, body: 'x' }));
      if (status === 200) await probe(`get by header: ${name}`, get(key, { query }));
    }
    // The bucket's own tags prove whose it is: what replaces them is put right at once.
    await probe('of a bucket', get('', { query }));
    const proof = Object.entries(runTags(names)).map(([key, value]) => tag(key, value));
    const own = set(...proof, tag('more', '1'));
    await probe('put to a bucket', put('', { query, ...document(own) }));
    await probe('of a bucket after it', get('', { query }), ({ text }) => text.includes('more'));
    for (const name of [
      'one key twice',
      'fifty-one',
      'an empty key',
      'a key of 129',
      'a key of AWS',
      'no XML',
      'no set',
      'nothing',
      'a bad character in a key',
    ]) {
      const body = document(DOCUMENTS[name]!);
      const { status } = await probe(`put to a bucket: ${name}`, put('', { query, ...body }));
      if (status < 300) await send(put('', { query, ...document(own) }));
    }
  },
};
