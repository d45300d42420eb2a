/** A statement of a function's resource policy, as far as it says who may invoke it. */
export interface InvokeStatement {
  readonly sid: string;
  readonly allows: boolean;
  /** `s3.amazonaws.com`, an account … `*` for everyone. */
  readonly principals: readonly string[];
  readonly actions: readonly string[];
  /** Whose events: ARNs or patterns of them; empty: no condition on it. */
  readonly sourceArns: readonly string[];
  readonly sourceAccounts: readonly string[];
  /** It has conditions besides these two. */
  readonly conditional: boolean;
}

/** Nothing here loads the AWS SDK. @throws SyntaxError when it is not JSON */
export function policyStatements(policy: string | undefined): InvokeStatement[] {
  const document = JSON.parse(policy ?? '{}') as { Statement?: unknown };
  return items(document.Statement).filter(isRecord).map(statementOf);
}

/** The id of the statement that lets a bucket's events invoke the function. */
export function statementIdFor(bucket: string): string {
  return `bucket-brigade-${bucket.replaceAll('.', '_')}`.slice(0, 100);
}

/** Whether a statement lets exactly this bucket of this account invoke the function. */
export function permits(statement: InvokeStatement, source: EventSource): boolean {
  return allowsBucket(statement, source) && statement.sourceAccounts.length === 1;
}

/** A bucket and the account that owns it. */
export interface EventSource {
  readonly bucketArn: string;
  readonly accountId: string;
}

/** The same for one that may not name the account, as one that was added by hand may be. */
export function allowsBucket(
  statement: InvokeStatement,
  { bucketArn, accountId }: EventSource,
): boolean {
  const { sourceArns, sourceAccounts } = statement;
  return (
    statement.allows &&
    !statement.conditional &&
    statement.principals.includes('s3.amazonaws.com') &&
    statement.actions.some(action => /^lambda:(InvokeFunction|\*)$/.test(action)) &&
    sourceArns.length === 1 &&
    sourceArns[0] === bucketArn &&
    sourceAccounts.length <= 1 &&
    sourceAccounts.every(account => account === accountId)
  );
}

/** How a statement was added; undefined for one that AddPermission could not add again. */
export function restorable(statement: InvokeStatement) {
  const { sid, allows, principals, actions, sourceArns, sourceAccounts } = statement;
  const [principal, action] = [principals[0], actions[0]];
  const single = [principals, actions].every(({ length }) => length === 1);
  const plain = [sourceArns, sourceAccounts].every(({ length }) => length <= 1);
  if (!allows || statement.conditional || !single || !plain) return undefined;
  if (principal === undefined || action === undefined) return undefined;
  const [sourceArn] = sourceArns;
  const [sourceAccount] = sourceAccounts;
  return { statementId: sid, principal, action, sourceArn, sourceAccount };
}

type Json = Readonly<Record<string, unknown>>;

function statementOf(statement: Json): InvokeStatement {
  const principal = statement['Principal'];
  const conditions = conditionsOf(statement['Condition']);
  const named = (key: string) =>
    conditions.filter(condition => condition.key === key).flatMap(({ values }) => values);
  return {
    sid: typeof statement['Sid'] === 'string' ? statement['Sid'] : '',
    allows: statement['Effect'] === 'Allow',
    principals: isRecord(principal) ? Object.values(principal).flatMap(texts) : texts(principal),
    actions: texts(statement['Action']),
    sourceArns: named('aws:sourcearn'),
    sourceAccounts: named('aws:sourceaccount'),
    conditional: conditions.some(
      ({ operator, key }) =>
        !/^(ArnLike|ArnEquals|StringEquals|StringLike)$/.test(operator) ||
        !/^aws:source(arn|account)$/.test(key),
    ),
  };
}

/** Condition keys have no case: AWS itself writes `AWS:SourceAccount`. */
function conditionsOf(value: unknown) {
  return Object.entries(isRecord(value) ? value : {}).flatMap(([operator, keys]) =>
    Object.entries(isRecord(keys) ? keys : {}).map(([key, values]) => ({
      operator,
      key: key.toLowerCase(),
      values: texts(values),
    })),
  );
}

function texts(value: unknown): string[] {
  return items(value).filter(item => typeof item === 'string');
}

function items(value: unknown): unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as unknown[]) : [value];
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
