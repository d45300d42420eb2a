import { s3Of, xml, type Scenario } from '../scenario.ts';
import { document } from './s3Words.ts';

/** By the bytes of their UTF-8, as they are to be listed. */
const KEYS = [
  ...['a', 'a%20b', 'a%2Bb', 'a/1', 'a/2', 'a/b/c', 'b%26%3C', 'b/1', 'c/', 'd%0Ae'],
  ...['%C3%BC', '%EF%BF%BD', '%F0%9F%8C%9E', 'z'],
];

type Query = Readonly<Record<string, string>>;

const LISTINGS: Readonly<Record<string, Query>> = {
  all: {},
  'a prefix': { prefix: 'a/' },
  'a prefix of nothing': { prefix: 'nothing' },
  'an empty prefix': { prefix: '' },
  'a delimiter': { delimiter: '/' },
  'a delimiter of two letters': { delimiter: '/b' },
  'a prefix and a delimiter': { prefix: 'a/', delimiter: '/' },
  'an empty delimiter': { delimiter: '' },
  'URL encoding': { 'encoding-type': 'url' },
  'URL encoding, a delimiter': { 'encoding-type': 'url', delimiter: '/', prefix: 'a' },
  'unknown encoding': { 'encoding-type': 'base64' },
  'no keys': { 'max-keys': '0' },
  'one key': { 'max-keys': '1', 'encoding-type': 'url' },
  'two with a delimiter': { 'max-keys': '2', delimiter: '/', 'encoding-type': 'url' },
  'more than a thousand': { 'max-keys': '1001', 'encoding-type': 'url' },
  'too many for a number': { 'max-keys': '99999999999' },
  'fewer than none': { 'max-keys': '-1' },
  'a word of keys': { 'max-keys': 'many' },
  'an empty number': { 'max-keys': '' },
};

const AFTER: Readonly<Record<string, string>> = {
  'a key': 'a/1',
  'no key of the list': 'a/1x',
  'a common prefix': 'a/',
  'the last key': '~',
  'an empty text': '',
};

/** Listings of either version, of versions and of uploads. */
export const S3_LISTINGS: Scenario = {
  name: 's3-listings',
  hasBucket: true,
  async run({ bucket, probe, send }) {
    const { get, put, post } = s3Of(bucket);
    await probe('an empty bucket, 1', get());
    await probe('an empty bucket, 2', get('', { query: { 'list-type': '2' } }));
    await probe('versions of an empty bucket', get('', { query: { versions: '' } }));
    await probe('uploads of an empty bucket', get('', { query: { uploads: '' } }));
    for (const key of KEYS) await send(put(key, { body: key }));
    for (const [name, query] of Object.entries(LISTINGS)) {
      // A line feed can't be said in XML 1.0, so that lists of all keys are asked for encoded.
      const asked =
        name === 'all' || /empty prefix|^an? delimiter/.test(name)
          ? { 'encoding-type': 'url', ...query }
          : query;
      await probe(`list 1: ${name}`, get('', { query: asked }));
      await probe(`list 2: ${name}`, get('', { query: { 'list-type': '2', ...asked } }));
      await probe(`versions: ${name}`, get('', { query: { versions: '', ...asked } }));
    }
    for (const [name, key] of Object.entries(AFTER)) {
      const url = { 'encoding-type': 'url', delimiter: '/' };
      await probe(`list 1 after ${name}`, get('', { query: { ...url, marker: key } }));
      await probe(
        `list 2 after ${name}`,
        get('', { query: { 'list-type': '2', ...url, 'start-after': key } }),
      );
    }
    const pages = { 'list-type': '2', 'max-keys': '5', 'encoding-type': 'url' };
    const first = await probe('page 1', get('', { query: pages }));
    const token = /<NextContinuationToken>(.*?)</.exec(first.text)?.[1] ?? '';
    const next = { ...pages, 'continuation-token': token };
    await probe('page 2', get('', { query: next }));
    await probe('page 2, start-after', get('', { query: { ...next, 'start-after': 'z' } }));
    const bad = { ...pages, 'continuation-token': 'bad' };
    await probe('a token of nobody', get('', { query: bad }));
    await probe('an empty token', get('', { query: { ...pages, 'continuation-token': '' } }));
    await probe(
      'owners',
      get('', { query: { 'list-type': '2', 'fetch-owner': 'true', prefix: 'z' } }),
    );
    await probe('list type 3', get('', { query: { 'list-type': '3' } }));
    const attributes = { 'x-amz-optional-object-attributes': 'RestoreStatus' };
    await probe('restore status', get('', { query: { prefix: 'z' }, headers: attributes }));
    const odd = { 'x-amz-optional-object-attributes': 'Color' };
    await probe('an attribute that is none', get('', { query: { prefix: 'z' }, headers: odd }));
    const several = (content: string) =>
      post('', { query: { delete: '' }, ...document(xml('Delete', content)) });
    const object = (key: string): string => `<Object><Key>${key}</Key></Object>`;
    await probe('delete several', several(object('a') + object('missing') + object('a')));
    await probe('delete several, quietly', several(`<Quiet>true</Quiet>${object('z')}`));
    await probe('delete nothing', several(''));
    await probe('delete an empty key', several(object('')));
    await probe(
      'delete a version of nobody',
      several('<Object><Key>b/1</Key><VersionId>x</VersionId></Object>'),
    );
    await probe('delete 1001', several(object('x').repeat(1001)));
    await probe('delete by no XML', post('', { query: { delete: '' }, ...document('<Delete>') }));
    await probe(
      'delete without a checksum',
      post('', { query: { delete: '' }, body: xml('Delete', object('a')) }),
    );
  },
};
