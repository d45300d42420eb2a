import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import {
  CreateFunctionCommand,
  GetFunctionCommand,
  DeleteFunctionCommand,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda';
import type { FunctionCode } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failure } from '../testSandbox.ts';
import { ROLE, startLambdaWorld, zipOf } from './lambdaWorld.ts';
import type { LambdaWorld } from './lambdaWorld.ts';
import { isPosix } from '../../support/posix.ts';

let world: LambdaWorld;
beforeAll(async () => {
  world = await startLambdaWorld();
});
afterAll(() => world.close());

let number = 0;
const create = (Code: FunctionCode, FunctionName = `zip-${++number}`) =>
  world.lambda.send(
    new CreateFunctionCommand({
      FunctionName,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Role: ROLE,
      Code,
    }),
  );

interface RawEntry {
  readonly name: string;
  readonly data?: Buffer;
  /** As the headers say it, if not what it is. */
  readonly size?: number;
  readonly flags?: number;
  /** Unix mode. */
  readonly mode?: number;
  readonly times?: number;
}

/** A zip as no honest program writes it. */
function rawZip(entries: readonly RawEntry[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  let count = 0;
  for (const {
    name,
    data = Buffer.alloc(0),
    size = data.length,
    flags = 0,
    mode = 0,
    times = 1,
  } of entries) {
    const packed = deflateRawSync(data);
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0);
    head.writeUInt16LE(0x800 | flags, 2);
    head.writeUInt16LE(8, 4);
    head.writeUInt32LE(crc32(data), 10);
    head.writeUInt32LE(packed.length, 14);
    head.writeUInt32LE(size, 18);
    head.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), head, Buffer.from(name), packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE((mode << 16) >>> 0, 6);
    tail.writeUInt32LE(offset, 10);
    const madeBy = Buffer.from([20, 3]);
    const central = Buffer.concat([
      Buffer.from('PK\x01\x02'),
      madeBy,
      head,
      tail,
      Buffer.from(name),
    ]);
    for (let time = 0; time < times; time += 1) directory.push(central);
    count += times;
    parts.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, central, end]);
}

/** A zip that says how many files it has, which takes the form for large ones (zip64). */
function ofMany(count: number): Buffer {
  const record = Buffer.alloc(56);
  record.write('PK\x06\x06', 'latin1');
  record.writeBigUInt64LE(44n, 4);
  record.writeBigUInt64LE(BigInt(count), 24);
  record.writeBigUInt64LE(BigInt(count), 32);
  const locator = Buffer.alloc(20);
  locator.write('PK\x06\x07', 'latin1');
  locator.writeUInt32LE(1, 16);
  const end = Buffer.alloc(22, 0xff);
  end.write('PK\x05\x06\0\0\0\0', 'latin1');
  end.writeUInt16LE(0, 20);
  return Buffer.concat([record, locator, end]);
}

const HANDLER = { name: 'index.js', data: Buffer.from('exports.handler = async () => 1;') };
const LINK = 0o120777;
const UNREADABLE =
  'Could not unzip uploaded file. Please check your file, then try to upload again.';

describe('A zip', () => {
  it.each<[string, Buffer | (() => Promise<Buffer>), string]>([
    ['that is none', Buffer.from('not a zip at all'), UNREADABLE],
    [
      'that is cut short',
      async () => (await zipOf({ 'index.js': 'x' })).subarray(0, -30),
      UNREADABLE,
    ],
    [
      'that is damaged inside',
      async () => damaged(await zipOf({ 'index.js': 'x'.repeat(500) })),
      UNREADABLE,
    ],
    ['with nothing in it', rawZip([]), 'Uploaded file must be a non-empty zip'],
    ['that goes up', rawZip([HANDLER, { name: '../outside.js' }]), UNREADABLE],
    ['that goes up in the middle', rawZip([HANDLER, { name: 'a/../../outside.js' }]), UNREADABLE],
    ['that starts at the root', rawZip([HANDLER, { name: '/tmp/outside.js' }]), UNREADABLE],
    ['of a drive', rawZip([HANDLER, { name: 'C:\\outside.js' }]), UNREADABLE],
    ['with a backslash upwards', rawZip([HANDLER, { name: '..\\outside.js' }]), UNREADABLE],
    [
      'with a link out',
      rawZip([HANDLER, { name: 'a', data: Buffer.from('../../..'), mode: LINK }]),
      UNREADABLE,
    ],
    [
      'with a link to the root',
      rawZip([HANDLER, { name: 'a', data: Buffer.from('/etc'), mode: LINK }]),
      UNREADABLE,
    ],
    [
      'that writes through a link',
      rawZip([{ name: 'a', data: Buffer.from('b'), mode: LINK }, { name: 'a/index.js' }]),
      UNREADABLE,
    ],
    [
      'with a link out by way of another',
      rawZip([
        HANDLER,
        { name: 'p/q/up', data: Buffer.from('../..'), mode: LINK },
        { name: 'p/q/out', data: Buffer.from('up/../..'), mode: LINK },
      ]),
      UNREADABLE,
    ],
    [
      'with a link below a link that it calls by another name',
      rawZip([
        HANDLER,
        { name: 'p/q/up', data: Buffer.from('../..'), mode: LINK },
        { name: './p/q/up/out', data: Buffer.from('../../..'), mode: LINK },
      ]),
      UNREADABLE,
    ],
    [
      'with a link that leads to itself',
      rawZip([HANDLER, { name: 'a', data: Buffer.from('a'), mode: LINK }]),
      UNREADABLE,
    ],
    ['that is encrypted', rawZip([{ ...HANDLER, flags: 1 }]), UNREADABLE],
    [
      'that unpacks to more than it says',
      rawZip([{ name: 'index.js', data: Buffer.alloc(1e6), size: 10 }]),
      UNREADABLE,
    ],
    [
      'that unpacks to more than 250 MB',
      rawZip([{ name: 'index.js', data: Buffer.alloc(262_144_001) }]),
      'Unzipped size must be smaller than 262144000 bytes',
    ],
    [
      'that names the same bytes again and again',
      rawZip([{ name: 'index.js', data: Buffer.alloc(10_000_000), times: 1000 }]),
      'Unzipped size must be smaller than 262144000 bytes',
    ],
    [
      'of files without number',
      ofMany(100_001),
      'The sandbox unpacks 100000 files at most, not 100001.',
    ],
    ['of no byte', Buffer.alloc(0), 'Uploaded file must be a non-empty zip'],
  ])('%s is refused', async (_what, zip, message) => {
    const ZipFile = Buffer.isBuffer(zip) ? zip : await zip();
    expect(await failure(create({ ZipFile }))).toMatchObject({
      name: 'InvalidParameterValueException',
      status: 400,
      message,
    });
    // Nothing is left of it, inside or outside.
    expect(readdirSync(join(world.directory, 'lambda', 'staging'))).toEqual([]);
    expect(readdirSync(join(world.directory, 'lambda', 'code'))).toEqual(['package.json']);
    expect(existsSync(join(world.directory, 'lambda', 'outside.js'))).toBe(false);
    expect(existsSync(join(world.directory, 'lambda', 'code', 'outside.js'))).toBe(false);
  });

  it('of more than 50 MB must come from S3', async () => {
    const ZipFile = Buffer.alloc(52_428_801, 1);
    expect(await failure(create({ ZipFile }))).toMatchObject({
      name: 'RequestEntityTooLargeException',
      status: 413,
    });
  });

  it.runIf(isPosix)('may hold links that stay inside, and programs', async () => {
    const zip = rawZip([
      { name: './lib//real.js', data: Buffer.from('module.exports = 7;') },
      { name: 'current', data: Buffer.from('./lib'), mode: LINK },
      { name: 'link.js', data: Buffer.from('current/real.js'), mode: LINK },
      { name: 'bin/run', data: Buffer.from('#!/bin/sh\necho ran\n'), mode: 0o100755 },
      {
        name: 'index.js',
        data: Buffer.from(`const { execFileSync } = require('child_process');
          exports.handler = async () => [require('./link.js'), execFileSync('./bin/run').toString()];`),
      },
    ]);
    await create({ ZipFile: zip }, 'links');
    settle('links');
    expect((await world.invoke('links')).payload).toEqual([7, 'ran\n']);
  });

  it('is given back by GetFunction as it came, and goes with its function', async () => {
    const ZipFile = await zipOf({ 'index.js': 'exports.handler = async () => 1;' });
    await create({ ZipFile }, 'given');
    const { Code } = await world.lambda.send(new GetFunctionCommand({ FunctionName: 'given' }));
    const answer = await fetch(Code!.Location!);
    expect(answer.status).toBe(200);
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(ZipFile);
    const forged = Code!.Location!.replace(/Signature=./, 'Signature=0');
    expect((await fetch(forged)).status).toBe(forged === Code!.Location! ? 200 : 403);
    await world.lambda.send(new DeleteFunctionCommand({ FunctionName: 'given' }));
    expect((await fetch(Code!.Location!)).status).toBe(404);
  });
});

describe('Code in a bucket', () => {
  beforeAll(async () => {
    await world.s3.send(new CreateBucketCommand({ Bucket: 'code' }));
    const Body = await zipOf({ 'index.js': 'exports.handler = async () => "from S3";' });
    await world.s3.send(new PutObjectCommand({ Bucket: 'code', Key: 'a b/ü.zip', Body }));
  });

  it('makes and updates a function', async () => {
    await create({ S3Bucket: 'code', S3Key: 'a b/ü.zip' }, 'bucketed');
    settle('bucketed');
    expect((await world.invoke('bucketed')).payload).toBe('from S3');
    const Body = await zipOf({ 'index.js': 'exports.handler = async () => "newer";' });
    await world.s3.send(new PutObjectCommand({ Bucket: 'code', Key: 'newer.zip', Body }));
    const updated = await world.lambda.send(
      new UpdateFunctionCodeCommand({
        FunctionName: 'bucketed',
        S3Bucket: 'code',
        S3Key: 'newer.zip',
        Architectures: ['arm64'],
      }),
    );
    expect(updated).toMatchObject({ LastUpdateStatus: 'InProgress', Architectures: ['arm64'] });
    expect((await world.invoke('bucketed')).payload).toBe('newer');
  });

  it.each([
    [{ S3Bucket: 'code', S3Key: 'missing.zip' }, 'NoSuchKey'],
    [{ S3Bucket: 'no-such-bucket', S3Key: 'missing.zip' }, 'NoSuchBucket'],
  ])('that is not there: %j', async (code, s3Code) => {
    expect(await failure(create(code))).toMatchObject({
      name: 'InvalidParameterValueException',
      status: 400,
      message: expect.stringMatching(
        new RegExp(`^Error occurred while GetObject. S3 Error Code: ${s3Code}. S3 Error Message: `),
      ) as string,
    });
  });

  it('needs a place', async () => {
    expect(await failure(create({}))).toMatchObject({
      name: 'InvalidParameterValueException',
      message: 'Please provide a source for function code.',
    });
  });
});

function settle(name: string): void {
  const { functions } = world.sandbox.services.lambda;
  functions.save({ ...functions.find(name)!, activeAt: new Date(0), updatedAt: new Date(0) });
}

function damaged(zip: Buffer): Buffer {
  zip[45] = zip[45]! ^ 0xff;
  return zip;
}
