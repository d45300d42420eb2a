import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { DataFolderError } from './dataFolderError.ts';
import { isDiskFull } from './errors.ts';
import { describe, surviveUncaughtErrors } from './faults.ts';
import { LAB_NUMBER } from './lab/seedLab.ts';
import { keepHeapSmall } from './smallHeap.ts';
import { lineWriter } from './lineWriter.ts';
import { startSandbox } from './server.ts';
import type { Sandbox } from './server.ts';

const USAGE = `Usage: sandbox [--port N] [--data DIR] [--lab [NUMBER]] [--task-delay MS] [--restore-time MS]
               [--report-file-size BYTES] [--like-aws [SPEED]] [--parent-stdin]

  --port N         the port on 127.0.0.1; 0 (default): the one of the last start, or any
  --data DIR       where buckets, objects and credentials are kept (default: .sandbox)
  --lab [NUMBER]   make the lab's buckets, objects and roles where they are missing; their names end
                   in NUMBER (default: ${LAB_NUMBER})
  --task-delay MS  let every task of a batch job wait first, so that a job can be watched
  --restore-time MS  let restores of archived objects take so long, not minutes to days as on AWS
  --report-file-size BYTES  let a report of a batch job go on in another file beyond so many bytes
  --like-aws [SPEED]  be as slow and far as AWS, SPEED times faster (default: 1), and answer as an
                   HTTPS proxy for *.amazonaws.com; the first line names "caFile", which to trust
  --parent-stdin   stop when standard input ends, so that the sandbox dies with its parent
`;

interface CommandLine {
  readonly port: number;
  readonly dataDir: string;
  readonly parentStdin: boolean;
  readonly taskDelay: number;
  readonly reportFileSize: number | undefined;
  readonly restoreTime: number | undefined;
  readonly lab: string | undefined;
  readonly likeAws: number | undefined;
}

function readCommandLine(): CommandLine | undefined {
  const { values } = parseArgs({
    args: withDefaults(process.argv.slice(2)),
    options: {
      port: { type: 'string', default: '0' },
      data: { type: 'string', default: '.sandbox' },
      lab: { type: 'string' },
      'like-aws': { type: 'string' },
      'task-delay': { type: 'string', default: '0' },
      'restore-time': { type: 'string' },
      'report-file-size': { type: 'string' },
      'parent-stdin': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new Error(`The port must be a number from 0 to 65535, not "${values.port}".`);
  }
  const { data: dataDir, 'parent-stdin': parentStdin, lab } = values;
  return {
    port,
    dataDir,
    parentStdin,
    lab,
    likeAws: readSpeed(values['like-aws']),
    taskDelay: readWhole(values['task-delay'], 'task delay', 'milliseconds') ?? 0,
    restoreTime: readWhole(values['restore-time'], 'restore time', 'milliseconds'),
    reportFileSize: readWhole(values['report-file-size'], "report's file size", 'bytes'),
  };
}

function readWhole(text: string | undefined, what: string, unit: string): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== '' && Number.isInteger(value) && value >= 0) return value;
  throw new Error(`The ${what} must be ${unit}, not "${text}".`);
}

function readSpeed(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const speed = Number(text);
  if (text.trim() !== '' && speed > 0 && speed <= 1000) return speed;
  throw new Error(`How many times faster than AWS must be a number up to 1000, not "${text}".`);
}

const DEFAULTS: Readonly<Record<string, string | undefined>> = {
  '--lab': LAB_NUMBER,
  '--like-aws': '1',
};

/** Gives an option its default where nothing, or another option, follows it. */
function withDefaults(args: readonly string[]): string[] {
  return args.flatMap((arg, index) => {
    const next = args[index + 1];
    const value = next === undefined || next.startsWith('-') ? DEFAULTS[arg] : undefined;
    return value === undefined ? [arg] : [arg, value];
  });
}

async function run(options: CommandLine): Promise<void> {
  const log = lineWriter(process.stderr);
  let stop = (): Promise<void> => exit(1);
  surviveUncaughtErrors(log, () => void stop());
  const { lab: seed, parentStdin, ...rest } = options;
  const sandbox = await startSandbox({ ...rest, seed, log });
  let stopping: Promise<void> | undefined;
  stop = () => (stopping ??= close(sandbox, log));
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.once(signal, () => void stop());
  }
  if (parentStdin) {
    const ended = (): void => void stop();
    process.stdin.once('end', ended).once('close', ended).on('error', ended).resume();
  }
  const { endpoint, region, accountId, accessKeyId, secretAccessKey } = sandbox;
  const caFile = writeAuthority(options.dataDir, sandbox.authority);
  const shown = { endpoint, region, accountId, accessKeyId, secretAccessKey, caFile };
  try {
    await print(process.stdout, `${JSON.stringify(shown)}\n`);
  } catch (error) {
    // Nobody will ever know where it listens.
    await sandbox.close();
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`The address could not be written to standard output: ${why}`);
  }
}

/** @returns where clients find whom to trust; undefined when they need nobody */
function writeAuthority(dataDir: string, authority: string | undefined): string | undefined {
  if (authority === undefined) return undefined;
  const file = resolve(dataDir, 'aws-ca.pem');
  writeFileSync(file, authority);
  return file;
}

/** Milliseconds that an orderly end may take. */
const CLOSE_LIMIT_MS = 10_000;

async function close(sandbox: Sandbox, log: (line: string) => void): Promise<void> {
  setTimeout(() => process.exit(1), CLOSE_LIMIT_MS).unref();
  try {
    await sandbox.close();
  } catch (error) {
    log(`The end was not orderly: ${describe(error)}`);
    return exit(1);
  }
  return exit(0);
}

async function exit(code: number): Promise<void> {
  await print(process.stderr, '').catch(() => undefined);
  process.exit(code);
}

/** Milliseconds that a reader of a standard stream is waited for. */
const PRINT_LIMIT_MS = 2000;

/** @throws when it can't be written, or nobody takes it. */
function print(stream: Writable, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('Nobody reads it.')), PRINT_LIMIT_MS);
    const settle = (error?: Error | null): void => {
      clearTimeout(timer);
      if (error) reject(error);
      else resolve();
    };
    stream.on('error', settle);
    stream.write(text, settle);
  });
}

/** One sentence a person can act on. */
function explain(error: unknown, options: CommandLine | undefined): string {
  if (error instanceof DataFolderError) return error.message;
  const folder = options?.dataDir ?? '';
  if (isDiskFull(error)) return `The disk that holds the data folder ${folder} is full.`;
  const { code, errcode, message } = error as NodeJS.ErrnoException & { errcode?: number };
  if (code === 'EADDRINUSE') {
    return `Port ${options?.port ?? 0} on 127.0.0.1 is taken; choose another with --port.`;
  }
  if (code === 'EACCES' && options?.port && /listen/.test(message)) {
    return `Port ${options.port} may not be used; choose one above 1023.`;
  }
  if (NOT_WRITABLE.includes(code ?? '') || errcode === 8 || errcode === 14) {
    return `The data folder ${folder} is not writable (${message}).`;
  }
  return message;
}

const NOT_WRITABLE = [
  ...['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EISDIR', 'EEXIST', 'ENOENT', 'ENOTEMPTY', 'ELOOP'],
  ...['ENAMETOOLONG', 'ENXIO', 'EBUSY', 'EIO'],
];

keepHeapSmall();
let commandLine: CommandLine | undefined;
try {
  commandLine = readCommandLine();
  if (commandLine) await run(commandLine);
  else process.stdout.write(USAGE);
} catch (error) {
  // By force: a start that failed must not live on by anything that it has left open.
  await print(process.stderr, `${explain(error, commandLine)}\n`).catch(() => undefined);
  process.exit(1);
}
