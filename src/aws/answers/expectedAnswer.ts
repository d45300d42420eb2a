import { NormalizedSchema } from '@smithy/core/schema';

type OutputSchema = Parameters<typeof NormalizedSchema.of>[0];

/** How the SDK keeps an operation's model: its kind, namespace, name, traits, input and output. */
export type OperationSchema = readonly [
  kind: number,
  namespace: string,
  name: string,
  traits: { readonly http?: readonly [method: string, path: string, status: number] } | number,
  input: unknown,
  output: OutputSchema,
];

/** What a successful answer to an operation must look like, as the SDK's models have it. */
export interface ExpectedAnswer {
  /** The service, by its namespace: `com.amazonaws.s3`. */
  readonly service: string;
  /** `ListBuckets` … */
  readonly operation: string;
  readonly status: number | undefined;
  /** `other` is what nothing can be said of: an object's bytes, what a function returned. */
  readonly body: 'xml' | 'json' | 'empty' | 'other';
  /** The XML root element. */
  readonly root: string | undefined;
  /** The members of a JSON answer. */
  readonly members: readonly string[];
  /** Headers that are always sent, in lower case. */
  readonly headers: readonly string[];
  /** Elements that a write always answers with. */
  readonly elements: readonly string[];
}

const known = new WeakMap<OperationSchema, ExpectedAnswer>();

/** @param protocol the shape id of the client's protocol: `aws.protocols#restXml` … */
export function expectedAnswer(schema: OperationSchema, protocol: string): ExpectedAnswer {
  const expected = known.get(schema) ?? describe(schema, protocol);
  known.set(schema, expected);
  return expected;
}

function describe(schema: OperationSchema, protocol: string): ExpectedAnswer {
  const [, service, operation, traits, , outputSchema] = schema;
  const output = NormalizedSchema.of(outputSchema);
  const [method, , status] = typeof traits === 'number' ? [] : (traits.http ?? []);
  return { service, operation, status, ...shapeOf() };

  function shapeOf(): Shape {
    if (protocol.endsWith('#restXml')) return xmlAnswer(output, method);
    if (!protocol.endsWith('#awsQuery')) return jsonAnswer(output, protocol.endsWith('#restJson1'));
    return { ...NOTHING, body: 'xml', root: `${operation}Response` };
  }
}

type Shape = Pick<ExpectedAnswer, 'body' | 'root' | 'members' | 'headers' | 'elements'>;

const NOTHING: Shape = { body: 'other', root: undefined, members: [], headers: [], elements: [] };

function xmlAnswer(output: NormalizedSchema, method: string | undefined): Shape {
  const { payload, inBody, headers } = bindings(output);
  if (payload && !payload.isStructSchema()) return { ...NOTHING, headers };
  if (!payload && inBody.length === 0) return { ...NOTHING, body: 'empty', headers };
  const root = payload ?? output;
  const names = payload ? [...payload.structIterator()].map(([name]) => name) : inBody;
  const elements = method === 'GET' ? [] : names.filter(each => each === 'ETag');
  return { ...NOTHING, body: 'xml', root: rootName(root), headers, elements };
}

function jsonAnswer(output: NormalizedSchema, isRest: boolean): Shape {
  const { payload, inBody, headers } = bindings(output);
  if (payload) return { ...NOTHING, headers };
  if (inBody.length > 0) return { ...NOTHING, body: 'json', members: inBody, headers };
  return { ...NOTHING, body: isRest ? 'empty' : 'other', headers };
}

/** S3 sends these two with whatever it models them for. */
const ALWAYS_SENT = /^(etag|last-modified)$/;

function bindings(output: NormalizedSchema) {
  const members = output.isStructSchema() ? [...output.structIterator()] : [];
  const traitsOf = (member: NormalizedSchema) => member.getMergedTraits();
  const headerOf = (member: NormalizedSchema) => traitsOf(member).httpHeader?.toLowerCase() ?? '';
  const isBound = (member: NormalizedSchema): boolean => {
    const { httpHeader, httpPrefixHeaders, httpResponseCode, httpPayload } = traitsOf(member);
    const bound = [httpHeader, httpPrefixHeaders, httpResponseCode, httpPayload];
    return bound.some(each => each !== undefined);
  };
  return {
    payload: members.find(([, member]) => traitsOf(member).httpPayload !== undefined)?.[1],
    inBody: members.filter(([, member]) => !isBound(member)).map(([name]) => name),
    headers: members.map(([, member]) => headerOf(member)).filter(name => ALWAYS_SENT.test(name)),
  };
}

function rootName(schema: NormalizedSchema): string | undefined {
  return schema.getMergedTraits().xmlName ?? schema.getName();
}
