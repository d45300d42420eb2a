import { ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { afterAll, beforeAll, beforeEach, onTestFinished } from 'vitest';
import type { PutObjectCommandInput } from '@aws-sdk/client-s3';
import type { AwsClients } from '../../src/aws/clients.ts';
import type { CopyInput, CopyOrder, CopyResult } from '../../src/aws/copies/copies.ts';
import type { TaskFolder } from '../../src/aws/copies/copyJournal.ts';
import { runCopies, type CopyRunOptions } from '../../src/aws/copies/runCopies.ts';
import { readObject } from '../../src/aws/objects/objects.ts';
import { startS3Proxy, type Fate, type PassedRequest } from '../support/s3Proxy.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';

/** A sandbox with a new bucket for each test, and what copies are tried with. */
export class CopyWorld {
  #on: SandboxClients | undefined;
  bucket = '';

  /** Starts and ends with the tests of a file. */
  static forTests(): CopyWorld {
    const world = new CopyWorld();
    beforeAll(async () => {
      world.#on = await startSandboxClients();
    });
    beforeEach(async () => {
      world.bucket = await world.on.bucket();
    });
    afterAll(() => world.on.close());
    return world;
  }

  get on(): SandboxClients {
    return this.#on!;
  }

  async put(Key: string, Body = Key, more: Partial<PutObjectCommandInput> = {}): Promise<void> {
    const input = { Bucket: this.bucket, Key, Body, ...more };
    await this.on.clients.s3().send(new PutObjectCommand(input));
  }

  async putMany(prefix: string, count: number): Promise<string[]> {
    const numbers = Array.from({ length: count }, (_, index) => String(index).padStart(5, '0'));
    const keys = numbers.map(number => prefix + number);
    await pLimit(30).map(keys, key => this.put(key));
    return keys;
  }

  async keys(Bucket = this.bucket): Promise<string[]> {
    const found: string[] = [];
    let StartAfter: string | undefined;
    do {
      const command = new ListObjectsV2Command({ Bucket, StartAfter });
      const { Contents = [], IsTruncated } = await this.on.clients.s3().send(command);
      found.push(...Contents.map(({ Key = '' }) => Key));
      StartAfter = IsTruncated ? found.at(-1) : undefined;
    } while (StartAfter !== undefined);
    return found;
  }

  /** All objects with what is in them. */
  async contents(): Promise<Record<string, string>> {
    const found: [string, string][] = [];
    for (const key of await this.keys()) {
      const { bucket } = this;
      const body = await readObject(this.on.clients.s3(), { bucket, key, maxBytes: 1e6 });
      found.push([key, Buffer.from(body).toString()]);
    }
    return Object.fromEntries(found);
  }

  order(key: string, to: string): CopyOrder {
    return { bucket: this.bucket, key, isPrefix: key.endsWith('/'), to };
  }

  input(orders: readonly CopyOrder[], more: Partial<CopyInput> = {}): CopyInput {
    return { orders, bucket: this.bucket, moves: false, onConflict: 'fail', ...more };
  }

  move(from: string, to: string, more: Partial<CopyInput> = {}): CopyInput {
    return this.input([this.order(from, to)], { moves: true, ...more });
  }

  async run(
    input: CopyInput,
    clients: AwsClients = this.on.clients,
    options?: CopyRunOptions,
  ): Promise<CopyResult> {
    return await runCopies(clients, input, await taskFolder(), options);
  }

  async through(hook: (request: PassedRequest) => Fate | Promise<Fate>): Promise<AwsClients> {
    return this.on.clientsAt(await startS3Proxy(this.on.sandbox.endpoint, hook));
  }
}

/** A folder as a task has one, which outlives its process. */
export async function taskFolder(): Promise<TaskFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'bucket-brigade-copies-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  let saved: string | undefined;
  return {
    folder,
    checkpoint: () => (saved === undefined ? undefined : (JSON.parse(saved) as unknown)),
    save: checkpoint => {
      saved = JSON.stringify(checkpoint);
      return Promise.resolve();
    },
  };
}

export const isCopy = ({ method, headers }: PassedRequest): boolean =>
  method === 'PUT' && 'x-amz-copy-source' in headers;

/** Keys that are legal and that tools get wrong. */
export const AWKWARD = [
  ...['a b', 'a+b', '%2F', '//x', '/lead', '.', '..', './y', '🪣', 'line\nbreak', 'sep\u2028'],
  ...['e\u0301', 'end/', 'bell\u0007', '%', 'a=b&c', '\'"<>', 'x'.repeat(1000)],
];
