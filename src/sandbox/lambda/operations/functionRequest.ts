import { notImplemented } from '../../errors.ts';
import type { Input } from '../../input.ts';
import { Constraints } from './constraints.ts';
import { invalidParameter } from './lambdaCall.ts';
import type { Architecture, FunctionSettings, LoggingConfig, Runtime } from '../lambdaFunction.ts';

const RUNTIMES: readonly Runtime[] = ['nodejs24.x', 'nodejs22.x', 'nodejs20.x'];
/** The runtimes of AWS as its error lists them, in its order (recorded in 2026). */
const LISTED =
  'nodejs20.x, python3.14, provided.al2023, python3.12, python3.13, nodejs24.x, nodejs22.x, java25, python3.10, python3.11, java21, ruby3.3, ruby3.4, ruby3.2, python3.8, python3.9, java17, nodejs16.x, dotnet10, dotnet8, java11, dotnet6, nodejs18.x, provided.al2, java8.al2';
/** Runtimes that AWS has and the sandbox does not run. */
const OTHER_RUNTIMES =
  /^(nodejs26\.x|python3\.(9|1[0-5])|java(8\.al2|11|17|21|25)|dotnet(8|10)|ruby3\.[2-5]|provided\.al20?2?3?)$/;
/** Runtimes that AWS no longer takes. */
const FORMER_RUNTIMES =
  /^(nodejs|nodejs(4\.3(-edge)?|6\.10|8\.10|1[02468]\.x)|python(2\.7|3\.[678])|java8|go1\.x|ruby2\.[57]|dotnet(5\.0|6|7)|dotnetcore[123]\.[01]|provided)$/;
const ROLE = /^arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role\/?[a-zA-Z_0-9+=,.@\-_/]+$/;
const LOG_GROUP = /^[.\-_/#A-Za-z0-9]+$/;
const VARIABLE = /^[a-zA-Z][a-zA-Z0-9_]+$/;
const MAX_ENVIRONMENT = 4096;
const EXEC_WRAPPER = 'AWS_LAMBDA_EXEC_WRAPPER';
/** Lambda developer guide, "Defined runtime environment variables": those that can't be set. */
const RESERVED =
  /^(_HANDLER|_X_AMZN_TRACE_ID|AWS_DEFAULT_REGION|AWS_REGION|AWS_EXECUTION_ENV|AWS_LAMBDA_FUNCTION_(NAME|MEMORY_SIZE|VERSION)|AWS_LAMBDA_INITIALIZATION_TYPE|AWS_LAMBDA_LOG_(GROUP|STREAM)_NAME|AWS_ACCESS_KEY(_ID)?|AWS_SECRET_(ACCESS_KEY|KEY)|AWS_SESSION_TOKEN|AWS_LAMBDA_RUNTIME_API|LAMBDA_TASK_ROOT|LAMBDA_RUNTIME_DIR|AWS_LAMBDA_MAX_CONCURRENCY|AWS_LAMBDA_METADATA_(API|TOKEN))$/;

const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.values(value).flat().length === 0;
const has = (name: string, neutral: unknown) => (value: unknown) =>
  isEmpty(value) || JSON.stringify(value) === JSON.stringify({ [name]: neutral });

/** The fields of Create and UpdateFunctionConfiguration that the sandbox reads. */
export const SETTINGS_FIELDS = [
  'Description',
  'Role',
  'Handler',
  'Runtime',
  'Timeout',
  'MemorySize',
  'Environment',
  'EphemeralStorage',
  'LoggingConfig',
];

/** Fields of theirs that it accepts while they ask for nothing. */
export const NEUTRAL_FIELDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  VpcConfig: value => isEmpty(value),
  DeadLetterConfig: value => isEmpty(value) || JSON.stringify(value) === '{"TargetArn":""}',
  Layers: isEmpty,
  FileSystemConfigs: isEmpty,
  ImageConfig: isEmpty,
  KMSKeyArn: value => value === '',
  TracingConfig: has('Mode', 'PassThrough'),
  SnapStart: has('ApplyOn', 'None'),
};

/** Names of the given fields whose values ask for nothing: empty, or what Lambda does by default. */
export function neutralFields(input: Input, neutral: typeof NEUTRAL_FIELDS): string[] {
  return Object.entries(neutral)
    .filter(([name, isNeutral]) => isNeutral(input.value(name)))
    .map(([name]) => name);
}

/** What a request gives; what it leaves out is not there. */
type Changes = Partial<FunctionSettings>;

/**
 * Reads the settings of a request; what it leaves out is not there.
 * @throws AwsError ValidationException, InvalidParameterValueException, NotImplemented
 */
export function readSettings(input: Input, functionName: string): Changes {
  const constraints = new Constraints(input);
  const changes: Changes = {
    description: constraints.text('Description', { most: 256 }),
    role: constraints.text('Role', { pattern: ROLE }),
    handler: constraints.text('Handler', { most: 128, pattern: /^[^\s]+$/ }),
    timeout: constraints.wholeNumber('Timeout', 1, 900),
    memorySize: constraints.wholeNumber('MemorySize', 128, 10_240),
    environment: readEnvironment(input, constraints),
    ephemeralStorage: readStorage(constraints),
    logging: readLogging(constraints, functionName),
  };
  constraints.check();
  const runtime = input.text('Runtime');
  const all: Changes = {
    ...changes,
    runtime: runtime === undefined ? undefined : readRuntime(runtime),
  };
  return Object.fromEntries(
    Object.entries<unknown>(all).filter(([, value]) => value !== undefined),
  );
}

function readRuntime(name: string): Runtime {
  const runtime = RUNTIMES.find(candidate => candidate === name);
  if (runtime !== undefined) return runtime;
  if (OTHER_RUNTIMES.test(name)) throw notImplemented(`the runtime ${name}`);
  if (FORMER_RUNTIMES.test(name)) {
    throw invalidParameter(
      `The runtime parameter of ${name} is no longer supported for creating or updating AWS Lambda functions. We recommend you use a supported runtime while creating or updating functions.`,
    );
  }
  throw invalidParameter(
    `Value ${name} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [${LISTED}] or be a valid ARN`,
  );
}

function readEnvironment(
  input: Input,
  constraints: Constraints,
): Readonly<Record<string, string>> | undefined {
  const environment = input.child('Environment');
  if (environment === undefined) return undefined;
  const variables = environment.textMap('Variables') ?? {};
  const names = Object.keys(variables);
  const odd = names.find(name => !VARIABLE.test(name) && name !== '_HANDLER');
  if (odd !== undefined) {
    constraints.reportSecret(
      'Environment.Variables',
      'Map keys must satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+]',
    );
  }
  const reserved = names.filter(name => RESERVED.test(name));
  if (reserved.length > 0) {
    throw invalidParameter(
      `Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(', ')}`,
    );
  }
  // Lambda runs the runtime by that program; here nothing would.
  if (EXEC_WRAPPER in variables) throw notImplemented(`the variable ${EXEC_WRAPPER}`);
  if (Buffer.byteLength(JSON.stringify(variables)) > MAX_ENVIRONMENT) {
    throw invalidParameter(
      `Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit. String measured: ${JSON.stringify(variables)}`,
    );
  }
  return variables;
}

function readStorage(constraints: Constraints): number | undefined {
  const storage = constraints.child('EphemeralStorage');
  storage?.require('Size');
  return storage?.wholeNumber('Size', 512, 10_240);
}

function readLogging(constraints: Constraints, functionName: string): LoggingConfig | undefined {
  const inner = constraints.child('LoggingConfig');
  if (inner === undefined) return undefined;
  const format = inner.word('LogFormat', ['JSON', 'Text']) ?? 'Text';
  const application = inner.word('ApplicationLogLevel', [
    'TRACE',
    'DEBUG',
    'INFO',
    'WARN',
    'ERROR',
    'FATAL',
  ]);
  const system = inner.word('SystemLogLevel', ['DEBUG', 'INFO', 'WARN']);
  const group = inner.text('LogGroup', { least: 1, most: 512, pattern: LOG_GROUP });
  inner.check();
  if (format === 'Text' && (application !== undefined || system !== undefined)) {
    throw invalidParameter(
      'The value of the LogFormat parameter must be JSON to use ApplicationLogLevel or SystemLogLevel.',
    );
  }
  // The lines of Lambda itself are written at INFO.
  if (system !== undefined && system !== 'INFO') throw notImplemented(`SystemLogLevel ${system}`);
  const levels = {
    ApplicationLogLevel: application ?? 'INFO',
    SystemLogLevel: system ?? 'INFO',
  };
  return {
    LogFormat: format,
    ...(format === 'JSON' ? levels : {}),
    LogGroup: group ?? `/aws/lambda/${functionName}`,
  };
}

/**
 * Reads `Architectures`, of which there is one.
 * @throws AwsError ValidationException
 */
export function readArchitecture(input: Input): Architecture | undefined {
  if (!input.has('Architectures')) return undefined;
  const names = input.texts('Architectures');
  const constraints = new Constraints(input);
  const value = `[${names.join(', ')}]`;
  if (names.length > 1) {
    constraints.report('Architectures', value, 'Member must have length less than or equal to 1');
  }
  if (names.length < 1) {
    constraints.report(
      'Architectures',
      value,
      'Member must have length greater than or equal to 1',
    );
  }
  const architecture = names.find(name => name === 'x86_64' || name === 'arm64');
  if (architecture === undefined && names.length > 0) {
    constraints.report(
      'Architectures',
      value,
      'Member must satisfy constraint: [Member must satisfy enum value set: [x86_64, arm64], Member must not be null]',
    );
  }
  constraints.check();
  return architecture;
}
