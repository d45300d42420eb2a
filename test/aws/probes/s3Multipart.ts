import { s3Of, textOf, xml, type Scenario, type World } from '../scenario.ts';
import { copySource, etagOf } from './s3Words.ts';

const MIB = 2 ** 20;
const LARGE = 'x'.repeat(5 * MIB);
const SMALL = 'the end';

const part = (number: number | string, etag: string): string =>
  `<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag></Part>`;

/** Uploads in parts: begun, listed, completed, aborted, and what is wrong with each. */
export const S3_MULTIPART: Scenario = {
  name: 's3-multipart',
  hasBucket: true,
  async run(world) {
    const { bucket, probe, send } = world;
    const { get, put, post, head, delete: remove } = s3Of(bucket);
    const headers = { 'content-type': 'text/plain', 'x-amz-meta-a': '1', 'x-amz-tagging': 'a=1' };
    const begun = await probe('begin', post('big', { query: { uploads: '' }, headers }));
    const uploadId = textOf(begun, 'UploadId');
    const query = (partNumber: string) => ({ partNumber, uploadId });
    await probe('part 1', put('big', { query: query('1'), body: LARGE }));
    await probe('part 2', put('big', { query: query('2'), body: SMALL }));
    await probe('part 2 again', put('big', { query: query('2'), body: `${SMALL}.` }));
    for (const number of ['0', '10000', '10001', '-1', 'two', '']) {
      await probe(`part "${number}"`, put('big', { query: query(number), body: 'x' }));
    }
    await probe('parts', get('big', { query: { uploadId } }));
    await probe('parts, one a page', get('big', { query: { uploadId, 'max-parts': '1' } }));
    await probe('parts after 1', get('big', { query: { uploadId, 'part-number-marker': '1' } }));
    await probe('parts, a word a page', get('big', { query: { uploadId, 'max-parts': 'x' } }));
    await probe('uploads', get('', { query: { uploads: '' } }));
    await probe(
      'uploads of a prefix',
      get('', { query: { uploads: '', prefix: 'b', delimiter: '/' } }),
    );
    await probe('uploads, none a page', get('', { query: { uploads: '', 'max-uploads': '0' } }));
    await probe('get what is not complete', get('big'));
    await wrongCompletions(world, uploadId);
    const etags = [etagOf(LARGE), etagOf(`${SMALL}.`)] as const;
    const whole = xml('CompleteMultipartUpload', part(1, etags[0]) + part(2, etags[1]));
    await probe('complete', post('big', { query: { uploadId }, body: whole }));
    await probe('head', head('big'));
    await probe('tags', get('big', { query: { tagging: '' } }));
    await probe('get part 2', get('big', { query: { partNumber: '2' } }));
    await probe('head part 1', head('big', { query: { partNumber: '1' } }));
    await probe('get part 3', get('big', { query: { partNumber: '3' } }));
    await probe(
      'a range over both',
      get('big', { headers: { range: `bytes=${5 * MIB - 2}-${5 * MIB + 1}` } }),
    );
    const asked = {
      'x-amz-object-attributes': 'ETag,Checksum,ObjectParts,StorageClass,ObjectSize',
    };
    await probe('attributes', get('big', { query: { attributes: '' }, headers: asked }));
    await probe('parts of what is complete', get('big', { query: { uploadId } }));
    await probe('abort what is complete', remove('big', { query: { uploadId } }));
    await nobodys(world);
    const checked = { 'x-amz-checksum-algorithm': 'SHA256' };
    const other = await probe(
      'begin with SHA-256',
      post('sums', { query: { uploads: '' }, headers: checked }),
    );
    const of = { uploadId: textOf(other, 'UploadId') };
    await probe(
      'copied part',
      put('sums', { query: { ...of, partNumber: '1' }, headers: copySource(`/${bucket}/big`) }),
    );
    const range = (text: string) => ({
      ...copySource(`/${bucket}/big`),
      'x-amz-copy-source-range': text,
    });
    for (const text of ['bytes=0-9', 'bytes=-9', 'bytes=9-0', 'bytes=0-99999999', '0-9']) {
      await probe(
        `copied range ${text}`,
        put('sums', { query: { ...of, partNumber: '2' }, headers: range(text) }),
      );
    }
    await probe('parts with SHA-256', get('sums', { query: of }));
    await probe('abort', remove('sums', { query: of }));
    await probe('abort again', remove('sums', { query: of }));
    await probe('parts of what is aborted', get('sums', { query: of }));
    for (const [name, extra] of Object.entries<Record<string, string>>({
      'an unknown algorithm': { 'x-amz-checksum-algorithm': 'MD4' },
      'an unknown type': { 'x-amz-checksum-algorithm': 'CRC32', 'x-amz-checksum-type': 'PART' },
      'a full SHA-256': {
        'x-amz-checksum-algorithm': 'SHA256',
        'x-amz-checksum-type': 'FULL_OBJECT',
      },
      'a composite CRC64NVME': {
        ...{ 'x-amz-checksum-algorithm': 'CRC64NVME', 'x-amz-checksum-type': 'COMPOSITE' },
      },
      'an unknown storage class': { 'x-amz-storage-class': 'COLD' },
    })) {
      await probe(`begin with ${name}`, post('no', { query: { uploads: '' }, headers: extra }));
    }
    await send(remove('big'));
    await twoUploads(world, 'two');
    await send(remove('two'));
  },
};

/** Two uploads of a key: the first is completed last, and a put comes while a third is under way. */
export async function twoUploads({ bucket, probe }: World, key: string): Promise<void> {
  const { get, put, post } = s3Of(bucket);
  const begin = async (body: string) => {
    const begun = await probe(`begin ${body}`, post(key, { query: { uploads: '' } }));
    const uploadId = textOf(begun, 'UploadId');
    await probe(`part of ${body}`, put(key, { query: { uploadId, partNumber: '1' }, body }));
    const whole = xml('CompleteMultipartUpload', part(1, etagOf(body)));
    return () => probe(`complete ${body}`, post(key, { query: { uploadId }, body: whole }));
  };
  const [first, second] = [await begin('first'), await begin('second')];
  await second();
  await first();
  await probe('get the current one of two uploads', get(key));
  const third = await begin('third');
  await probe('put before it is completed', put(key, { body: 'put' }));
  await third();
  await probe('get the current one of an upload and a put', get(key));
}

async function wrongCompletions({ bucket, probe }: World, uploadId: string): Promise<void> {
  const { post } = s3Of(bucket);
  const [one, two] = [etagOf(LARGE), etagOf(`${SMALL}.`)];
  const bodies: Record<string, string> = {
    'the wrong order': part(2, two) + part(1, one),
    'a part twice': part(1, one) + part(1, one),
    'a missing part': part(1, one) + part(3, two),
    'a wrong ETag': part(1, two),
    'a small part first': part(2, two) + part(10000, etagOf('x')),
    'no parts': '',
    'a part without a number': `<Part><ETag>${one}</ETag></Part>`,
    'a part without an ETag': '<Part><PartNumber>1</PartNumber></Part>',
  };
  for (const [name, content] of Object.entries(bodies)) {
    const body = xml('CompleteMultipartUpload', content);
    await probe(`complete with ${name}`, post('big', { query: { uploadId }, body }));
  }
  await probe('complete by no XML', post('big', { query: { uploadId }, body: 'parts' }));
  await probe('complete by nothing', post('big', { query: { uploadId } }));
  const body = xml('CompleteMultipartUpload', part(1, one));
  await probe('complete another key', post('other', { query: { uploadId }, body }));
}

async function nobodys({ bucket, probe }: World): Promise<void> {
  const { get, put, post, delete: remove } = s3Of(bucket);
  const query = { uploadId: 'nobody' };
  await probe('part of no upload', put('big', { query: { ...query, partNumber: '1' }, body: 'x' }));
  await probe('parts of no upload', get('big', { query }));
  await probe('abort no upload', remove('big', { query }));
  const body = xml('CompleteMultipartUpload', part(1, '"x"'));
  await probe('complete no upload', post('big', { query, body }));
  await probe(
    'a part number without an upload',
    put('big', { query: { partNumber: '1' }, body: 'x' }),
  );
}
