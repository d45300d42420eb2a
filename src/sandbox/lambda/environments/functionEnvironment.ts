import { existsSync } from 'node:fs';
import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SessionCredentials } from '../../auth/credentials.ts';
import { REGION } from '../../region.ts';
import type { LambdaFunction } from '../lambdaFunction.ts';

/** Where a bundle's or the sources' neighbours are: the first that exists. */
function locate(...paths: readonly string[]): string | undefined {
  return paths
    .map(path => fileURLToPath(new URL(path, import.meta.url)))
    .find(path => existsSync(path));
}

/** The program that a function's process runs. */
export function bootstrapPath(): string {
  const path = locate('./lambdaRuntime.js', '../runtime/bootstrap.ts');
  if (path === undefined) throw new Error("The sandbox's Lambda runtime is missing.");
  return path;
}

/**
 * What functions find besides their own packages: sharp's WebAssembly build, for machines that the
 * function's native one is not made for.
 */
function runtimeModules(): string | undefined {
  return locate('./lambda/wasm/node_modules', '../../../../dist/lambda/wasm/node_modules');
}

export interface EnvironmentInput {
  readonly found: LambdaFunction;
  readonly version: string;
  readonly logStream: string;
  readonly credentials: SessionCredentials;
  /** `host:port` */
  readonly runtimeApi: string;
  /** Where the sandbox answers. */
  readonly endpoint: string;
  readonly codeFolder: string;
  readonly temporaryFolder: string;
}

/** What the system's own libraries need to start on Windows; nothing elsewhere. */
const NEEDED_ON_WINDOWS = ['SystemRoot', 'SystemDrive', 'windir', 'ComSpec', 'PATHEXT'];

/**
 * The environment variables of a function's process (Lambda developer guide, "Defined runtime
 * environment variables"). Of the sandbox's own environment nothing gets in but what Windows needs.
 */
export function environmentVariables(input: EnvironmentInput): Record<string, string> {
  const { found, credentials } = input;
  const { settings } = found;
  const chosen = settings.environment ?? {};
  const modules = [chosen['NODE_PATH'], runtimeModules()].filter(path => path !== undefined);
  return {
    ...Object.fromEntries(
      process.platform === 'win32'
        ? NEEDED_ON_WINDOWS.map(name => [name, process.env[name] ?? ''])
        : [],
    ),
    LANG: 'en_US.UTF-8',
    // On AWS with a colon, which is POSIX.
    TZ: process.platform === 'win32' ? 'UTC' : ':UTC',
    PATH:
      process.platform === 'win32' ? (process.env['PATH'] ?? '') : '/usr/local/bin:/usr/bin:/bin',
    TMPDIR: input.temporaryFolder,
    TMP: input.temporaryFolder,
    TEMP: input.temporaryFolder,
    // Where AWS has its endpoints, the function finds the sandbox.
    AWS_ENDPOINT_URL: input.endpoint,
    ...chosen,
    NODE_PATH: modules.join(delimiter),
    ELECTRON_RUN_AS_NODE: '1',
    _HANDLER: settings.handler,
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_EXECUTION_ENV: `AWS_Lambda_${settings.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: found.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(settings.memorySize),
    AWS_LAMBDA_FUNCTION_VERSION: input.version,
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: settings.logging.LogGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: input.logStream,
    ...(settings.logging.LogFormat === 'JSON'
      ? {
          AWS_LAMBDA_LOG_FORMAT: 'JSON',
          AWS_LAMBDA_LOG_LEVEL: settings.logging.ApplicationLogLevel ?? 'INFO',
        }
      : {}),
    AWS_LAMBDA_RUNTIME_API: input.runtimeApi,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
    LAMBDA_TASK_ROOT: input.codeFolder,
    PWD: input.codeFolder,
    LAMBDA_RUNTIME_DIR: fileURLToPath(new URL('.', import.meta.url)),
  };
}

/**
 * Node's flags as Lambda's runtime chooses them: a tenth of the memory for young objects (half of it
 * for each semi-space), the rest for old ones; and before Node.js 24 no experimental module features.
 */
export function nodeFlags({ settings }: LambdaFunction): string[] {
  const { memorySize, environment = {}, runtime } = settings;
  const options = (environment['NODE_OPTIONS'] ?? '').replaceAll('_', '-');
  const young = Math.floor(memorySize / 10);
  const flags = ['--expose-gc', '--max-http-header-size=81920'];
  if (!/--max-(semi|old)-space-size/.test(options)) {
    flags.push(`--max-semi-space-size=${Math.floor(young / 2)}`);
    flags.push(`--max-old-space-size=${memorySize - young}`);
  }
  const disabled =
    runtime === 'nodejs24.x'
      ? []
      : ['require-module', ...(runtime === 'nodejs22.x' ? ['detect-module'] : [])];
  for (const feature of disabled) {
    if (options.includes(`--experimental-${feature}`)) continue;
    if (process.allowedNodeEnvironmentFlags.has(`--no-experimental-${feature}`)) {
      flags.push(`--no-experimental-${feature}`);
    }
  }
  return flags;
}
