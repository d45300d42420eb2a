import { CreateJobRequest$, type CreateJobRequest } from '@aws-sdk/client-s3-control';
import { NormalizedSchema } from '@smithy/core/schema';
import { OPERATION_NAMES } from '../operations/operations.ts';

/** A problem in a request that the user has written. */
export interface RequestProblem {
  /** Where: `['Operation', 'S3PutObjectCopy', 'TargetResource']`. Empty for the whole. */
  readonly path: readonly string[];
  readonly kind:
    /** This version knows no such member: it would be left out silently. */
    | 'unknown'
    /** It is no text, number … as `expected` has it. */
    | 'type'
    | 'missing'
    /** Exactly one of several has to be given: see `expected`. */
    | 'choice';
  /** `text`, `number`, `boolean`, `date`, `list`, `object`; or what may be chosen from. */
  readonly expected?: string;
}

export interface ReadRequest {
  /** What could be read; to be sent only where there are no problems. */
  readonly request: CreateJobRequest;
  readonly problems: readonly RequestProblem[];
}

/**
 * Reads what CreateJob takes as JSON, as `aws s3control create-job --cli-input-json` does: dates are
 * texts in ISO 8601. It is held against the SDK's model, which would leave out what it does not know.
 */
export function readRequest(json: unknown): ReadRequest {
  const problems: RequestProblem[] = [];
  const request = readValue(REQUEST, json, [], problems) as Partial<CreateJobRequest> | undefined;
  problems.push(...missing(request ?? {}));
  // What is missing is a problem, so nobody sends it.
  return { request: (request ?? {}) as CreateJobRequest, problems };
}

const REQUEST = NormalizedSchema.of(CreateJobRequest$);
const REQUIRED = ['Operation', 'Report', 'Priority', 'RoleArn'] as const;

/** The S3 Control service model, CreateJob; the account and the token are ours to add. */
function missing(request: Partial<CreateJobRequest>): RequestProblem[] {
  const absent = REQUIRED.filter(name => request[name] === undefined);
  const manifests = [request.Manifest, request.ManifestGenerator].filter(each => each);
  const operations = Object.keys(request.Operation ?? {});
  return [
    ...absent.map((name): RequestProblem => ({ path: [name], kind: 'missing' })),
    ...(manifests.length === 1 ? [] : [choice([], ['Manifest', 'ManifestGenerator'])]),
    ...(request.Operation === undefined || operations.length === 1
      ? []
      : [choice(['Operation'], OPERATION_NAMES)]),
  ];
}

function choice(path: readonly string[], of: readonly string[]): RequestProblem {
  return { path, kind: 'choice', expected: of.join(', ') };
}

type Path = readonly string[];

function readValue(
  schema: NormalizedSchema,
  value: unknown,
  path: Path,
  problems: RequestProblem[],
): unknown {
  const wrong = (expected: string): unknown => {
    problems.push({ path, kind: 'type', expected });
    return undefined;
  };
  if (schema.isStructSchema()) {
    return isObject(value) ? readStruct(schema, value, path, problems) : wrong('object');
  }
  if (schema.isListSchema()) {
    if (!Array.isArray(value)) return wrong('list');
    const item = schema.getValueSchema();
    return value.map((each: unknown, at) => readValue(item, each, [...path, String(at)], problems));
  }
  if (schema.isMapSchema()) {
    if (!isObject(value)) return wrong('object');
    const item = schema.getValueSchema();
    const entries = Object.entries(value);
    return Object.fromEntries(
      entries.map(([key, each]) => [key, readValue(item, each, [...path, key], problems)]),
    );
  }
  return readLeaf(schema, value) ?? wrong(leafKind(schema));
}

function readStruct(
  schema: NormalizedSchema,
  value: object,
  path: Path,
  problems: RequestProblem[],
): object {
  const members = new Map(schema.structIterator());
  const read = Object.entries(value).flatMap(([name, each]: [string, unknown]) => {
    const member = members.get(name);
    if (member === undefined) {
      problems.push({ path: [...path, name], kind: 'unknown' });
      return [];
    }
    return [[name, readValue(member, each, [...path, name], problems)] as const];
  });
  return Object.fromEntries(read);
}

function readLeaf(schema: NormalizedSchema, value: unknown): unknown {
  if (schema.isTimestampSchema()) return readDate(value);
  return typeof value === LEAF_TYPES[leafKind(schema)] ? value : undefined;
}

const LEAF_TYPES = {
  text: 'string',
  number: 'number',
  boolean: 'boolean',
  date: 'string',
} as const;

function leafKind(schema: NormalizedSchema): keyof typeof LEAF_TYPES {
  if (schema.isTimestampSchema()) return 'date';
  if (schema.isBooleanSchema()) return 'boolean';
  return schema.isNumericSchema() ? 'number' : 'text';
}

/** A date without an offset is in UTC, as the AWS CLI has it; JavaScript would take it for local. */
function readDate(value: unknown): Date | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d/.test(value)) return undefined;
  const zoned = /(Z|[+-]\d\d:?\d\d)$/.test(value) || /^\d{4}-\d\d-\d\d$/.test(value);
  const date = new Date(zoned ? value : `${value}Z`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
