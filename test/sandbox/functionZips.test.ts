import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compareVersions, readElf } from '../support/elf.ts';
import { runOrFail } from '../support/exec.ts';
import { FunctionProcess, lambdaEnvironment } from '../support/functionProcess.ts';
import { functionBuild, readZip, unpackZip, type ZipFile } from '../support/functionZips.ts';
import { newTemporaryFolder } from '../support/paths.ts';
import { readJson } from '../support/sources.ts';
import { startTestSandbox, type TestSandbox } from './testSandbox.ts';

const ARCHITECTURES = [
  { name: 'x86_64', cpu: 'x64', machine: 'x86_64' },
  { name: 'arm64', cpu: 'arm64', machine: 'aarch64' },
] as const;

/** What Lambda's Amazon Linux 2023 has; of everything else a zip must bring its own. */
const SYSTEM_LIBRARIES =
  /^(lib(c|m|dl|rt|pthread|resolv|gcc_s|stdc\+\+)|ld-linux-[\w-]+)\.so\.\d+$/;
const GLIBC = '2.34';
const GLIBCXX = '3.4.29';

const folder = newTemporaryFolder('zips');
const zips = new Map<string, ZipFile[]>();
const zipPath = (architecture: string): string => join(folder, `resize-${architecture}.zip`);

beforeAll(async () => {
  const { buildFunctionZips } = await functionBuild();
  await buildFunctionZips(folder);
  for (const { name } of ARCHITECTURES) zips.set(name, await readZip(zipPath(name)));
}, 300_000);

describe.each(ARCHITECTURES)('the zip for $name', ({ name, cpu, machine }) => {
  const files = (): ZipFile[] => zips.get(name)!;
  const file = (path: string | RegExp): ZipFile => {
    const matches = (name: string): boolean =>
      typeof path === 'string' ? name === path : path.test(name);
    const found = files().find(({ name: each }) => matches(each));
    if (!found) throw new Error(`The zip has no ${path}.`);
    return found;
  };

  test('fits in a direct upload, with room', () => {
    expect(statSync(zipPath(name)).size).toBeLessThan(12_000_000);
  });

  test('holds what runs, the licences, and nothing else', () => {
    expect(files().map(each => each.name.replace(/\d+(\.\d+){2}/, 'N'))).toEqual([
      'THIRD-PARTY.txt',
      'index.mjs',
      'licenses/GPL-3.0.txt',
      'licenses/LGPL-3.0.txt',
      `node_modules/@img/sharp-libvips-linux-${cpu}/lib/libvips-cpp.so.N`,
      `node_modules/@img/sharp-libvips-linux-${cpu}/package.json`,
      `node_modules/@img/sharp-libvips-linux-${cpu}/versions.json`,
      `node_modules/@img/sharp-linux-${cpu}/index.cjs`,
      `node_modules/@img/sharp-linux-${cpu}/lib/sharp-linux-${cpu}-N.node`,
      `node_modules/@img/sharp-linux-${cpu}/package.json`,
    ]);
  });

  test('has regular files only, all of one time, that anyone may read', () => {
    // Lambda runs the function as a user that does not own the files.
    expect(new Set(files().map(({ mode }) => mode.toString(8)))).toEqual(new Set(['100644']));
    const times = new Set(files().map(({ time }) => time.getFullYear()));
    expect(times).toEqual(new Set([1980]));
  });

  test('has the versions of the lock file', () => {
    const { packages } = readJson('lambda/resize/package-lock.json') as {
      packages: Record<string, { version: string }>;
    };
    for (const path of [`sharp-linux-${cpu}`, `sharp-libvips-linux-${cpu}`]) {
      const { version } = JSON.parse(
        file(`node_modules/@img/${path}/package.json`).bytes.toString(),
      ) as { version: string };
      expect(version).toBe(packages[`node_modules/@img/${path}`]!.version);
    }
    const notice = file('THIRD-PARTY.txt').bytes.toString();
    for (const each of ['sharp', `@img/sharp-linux-${cpu}`]) {
      expect(notice).toContain(`${each} ${packages[`node_modules/${each}`]!.version} (`);
    }
    const { vips } = JSON.parse(
      file(`node_modules/@img/sharp-libvips-linux-${cpu}/versions.json`).bytes.toString(),
    ) as { vips: string };
    expect(file(/libvips-cpp\.so/).name).toMatch(new RegExp(`\\.so\\.${vips}$`));
  });

  test('has the licence of each package, and the GNU licences of libvips', () => {
    const notice = file('THIRD-PARTY.txt').bytes.toString();
    expect(notice).toContain('Apache License');
    expect(notice).toMatch(/sharp-libvips-linux-\w+ [\d.]+ \(LGPL-3\.0-or-later\)/);
    expect(notice).toContain('https://github.com/lovell/sharp-libvips');
    expect(file('licenses/LGPL-3.0.txt').bytes.toString()).toContain(
      'GNU LESSER GENERAL PUBLIC LICENSE',
    );
    expect(file('licenses/GPL-3.0.txt').bytes.toString()).toContain('GNU GENERAL PUBLIC LICENSE');
  });

  test('has native code for its CPU that needs no more than Lambda has', () => {
    const libvips = file(/libvips-cpp\.so/);
    const native = readElf(file(/\.node$/).bytes);
    expect(native.machine).toBe(machine);
    expect(readElf(libvips.bytes).machine).toBe(machine);
    const own = libvips.name.split('/').pop()!;
    expect(native.needed).toContain(own);
    expect(native.searchPath.split(':')).toContain(`$ORIGIN/../../sharp-libvips-linux-${cpu}/lib`);
    for (const { needed, symbolVersions } of [native, readElf(libvips.bytes)]) {
      const missing = needed.filter(each => each !== own && !SYSTEM_LIBRARIES.test(each));
      expect(missing).toEqual([]);
      expect(compareVersions(symbolVersions['GLIBC'] ?? '0', GLIBC)).toBeLessThanOrEqual(0);
      expect(compareVersions(symbolVersions['GLIBCXX'] ?? '0', GLIBCXX)).toBeLessThanOrEqual(0);
    }
  });
});

test('the zips are the same byte for byte, whatever the zone, the locale and the rights', async () => {
  const again = newTemporaryFolder('zips-again');
  const script = `process.umask(0o077);
    const { buildAnew } = await import(${JSON.stringify(new URL('../../lambda/build.mjs', import.meta.url).href)});
    await buildAnew(${JSON.stringify(again)});`;
  const env = { ...process.env, TZ: 'Pacific/Kiritimati', LC_ALL: 'tr_TR.UTF-8' };
  await runOrFail(process.execPath, ['--input-type=module', '-e', script], { cwd: again, env });
  for (const { name } of ARCHITECTURES) {
    const [first, second] = [folder, again].map(each =>
      readFileSync(join(each, `resize-${name}.zip`)),
    );
    expect(first!.equals(second!), name).toBe(true);
  }
}, 120_000);

describe('run from the zip', () => {
  let sandbox: TestSandbox;
  const wasm = { NODE_PATH: join(folder, 'wasm', 'node_modules') };
  const event = (key: string): object => ({
    Records: [
      {
        eventName: 'ObjectCreated:Put',
        s3: { bucket: { name: 'pictures' }, object: { key, size: 1 } },
      },
    ],
  });

  beforeAll(async () => {
    sandbox = await startTestSandbox();
    for (const Bucket of ['pictures', 'pictures-resized']) {
      await sandbox.s3.send(new CreateBucketCommand({ Bucket }));
    }
    const create = { width: 400, height: 300, channels: 3 as const, background: '#c04020' };
    for (const format of ['jpeg', 'png', 'webp', 'avif', 'gif', 'tiff'] as const) {
      const Body = await sharp({ create }).toFormat(format).toBuffer();
      const put = { Bucket: 'pictures', Key: `a ${format}`, Body };
      await sandbox.s3.send(new PutObjectCommand(put));
    }
    for (const { name } of ARCHITECTURES) {
      mkdirSync(join(folder, name));
      await unpackZip(zipPath(name), join(folder, name));
    }
  });
  afterAll(() => sandbox.close());

  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  const native = header.glibcVersionRuntime !== undefined;
  const own = ARCHITECTURES.find(({ cpu }) => cpu === process.arch)?.name ?? 'none';

  test.each(ARCHITECTURES)('$name resizes every format on this machine', async ({ name }) => {
    // What this machine's own zip loads is its native sharp; of the other, the WebAssembly build.
    const env = native && name === own ? {} : wasm;
    const keys = lambdaEnvironment(sandbox.sandbox);
    await using run = new FunctionProcess(join(folder, name), { ...keys, ...env });
    for (const format of ['jpeg', 'png', 'webp', 'avif', 'gif', 'tiff']) {
      const { result, error } = await run.invoke(event(`a+${format}`));
      expect(error, run.output).toBeUndefined();
      expect(result).toMatchObject({
        results: [
          { key: `a ${format}`, outcome: 'resized', outputs: [{ width: 200, height: 150 }] },
        ],
      });
      const written = await sandbox.s3.send(
        new GetObjectCommand({ Bucket: 'pictures-resized', Key: `resized-a ${format}` }),
      );
      expect(written.ContentType).toBe(`image/${format}`);
      const { width } = await sharp(await written.Body!.transformToByteArray()).metadata();
      expect(width).toBe(200);
    }
  });

  const ownZip = join(folder, own === 'none' ? 'x86_64' : own);

  test('a test event of S3 is nothing to do, and other events are refused', async () => {
    const env = { ...lambdaEnvironment(sandbox.sandbox), ...wasm };
    await using run = new FunctionProcess(ownZip, env);
    const testEvent = { Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'pictures' };
    expect(await run.invoke(testEvent)).toMatchObject({ result: { results: [] } });
    for (const other of [null, {}, 'text', { Records: [{ Sns: {} }] }, { detail: {} }]) {
      const { error } = await run.invoke(other);
      expect(error?.name).toBe('UnsupportedEvent');
    }
    expect(run.logged().map(({ level }) => level)).toEqual(['debug']);
  });

  test('a picture that would not fit into its memory is refused and does not kill it', async () => {
    const create = { width: 6000, height: 4000, channels: 3 as const, background: '#c04020' };
    const Body = await sharp({ create }).avif({ effort: 0 }).toBuffer();
    const put = { Bucket: 'pictures', Key: 'large.avif', Body };
    await sandbox.s3.send(new PutObjectCommand(put));
    const keys = { ...lambdaEnvironment(sandbox.sandbox), ...wasm };
    await using run = new FunctionProcess(ownZip, {
      ...keys,
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
    });
    const { result } = await run.invoke(event('large.avif'));
    expect(result).toMatchObject({ results: [{ errorType: 'NeedsMoreMemory' }] });
    expect(await run.invoke(event('a+jpeg'))).toMatchObject({
      result: { results: [{ outcome: 'resized' }] },
    });
  });

  test('without a native sharp and without WebAssembly it says what is missing', async () => {
    const other = ARCHITECTURES.find(({ name }) => name !== own)!.name;
    const env = lambdaEnvironment(sandbox.sandbox);
    await using run = new FunctionProcess(join(folder, other), env);
    const { error } = await run.loading;
    expect(error?.message).toContain('Could not load the "sharp" module');
  });

  test.each([
    ['WIDTHS', 'wide'],
    ['KEY_TEMPLATE', '{name'],
    ['PERMANENT_ERRORS', 'maybe'],
  ])('a wrong %s fails the start, by its name', async (name, value) => {
    const env = { ...lambdaEnvironment(sandbox.sandbox), ...wasm, [name]: value };
    await using run = new FunctionProcess(ownZip, env);
    const { error } = await run.loading;
    expect(error?.message).toMatch(new RegExp(`^${name}: `));
  });
});
