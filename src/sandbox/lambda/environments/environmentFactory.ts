import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AwsError } from '../../errors.ts';
import { assumeServiceRole } from '../../iam/assumeRole.ts';
import type { RolePrincipal } from '../../principal.ts';
import type { EngineContext } from '../engineContext.ts';
import type { CodeStore } from '../codeStore.ts';
import { EnvironmentLog } from './environmentLog.ts';
import { ExecutionEnvironment } from './executionEnvironment.ts';
import { bootstrapPath, environmentVariables, nodeFlags } from './functionEnvironment.ts';
import type { FunctionTable } from '../functionTable.ts';
import type { LambdaFunction } from '../lambdaFunction.ts';
import { ProcessGuardian } from './processGuardian.ts';
import type { WarmEnvironment } from './warmPool.ts';
import { WarmPool } from './warmPool.ts';

export const LATEST = '$LATEST';
/** The service principal that a function's role must trust. */
export const LAMBDA_SERVICE = 'lambda.amazonaws.com';
/** Seconds that the credentials of an environment last, as on AWS. */
const SESSION_SECONDS = 12 * 60 * 60;

/** Makes execution environments, and keeps those that can be used again. */
export class EnvironmentFactory {
  readonly pool: WarmPool;
  private readonly context: EngineContext;
  private readonly endpoint: string;
  private readonly code: CodeStore;
  private readonly functions: FunctionTable;
  private stopped = false;
  private readonly guardian: ProcessGuardian;
  /** What the names of temporary folders begin with; processes are known by it. */
  private readonly temporary: string;

  constructor(context: EngineContext, endpoint: string, code: CodeStore, functions: FunctionTable) {
    this.functions = functions;
    this.context = context;
    this.endpoint = endpoint;
    this.code = code;
    this.pool = new WarmPool(context.clock);
    const folder = join(context.store.directory, 'lambda', 'tmp');
    // What a killed sandbox has left.
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // Another one for each run: the guardian of a killed sandbox must not meet the next one's functions.
    this.temporary = join(folder, randomBytes(8).toString('hex'));
    this.guardian = new ProcessGuardian(this.temporary);
  }

  /**
   * An environment with a log stream of its own, not started yet.
   * @param former one that failed to start, whose log stream is used on
   * @throws AwsError AccessDeniedException when Lambda may not act as the function's role (any more)
   */
  make(found: LambdaFunction, former?: EnvironmentLog): WarmEnvironment {
    const { context } = this;
    const role = assumeFunctionRole(context, found);
    const { settings } = found;
    const log =
      former ?? new EnvironmentLog(context, settings.logging, streamName(context, found), role);
    const credentials = context.credentials.createSession(role, SESSION_SECONDS);
    const codeFolder = this.code.folderOf(found.code.sha256);
    const temporaryFolder = `${this.temporary}-${randomUUID()}`;
    const environment = new ExecutionEnvironment({
      bootstrap: bootstrapPath(),
      flags: nodeFlags(found),
      codeFolder,
      temporaryFolder,
      memorySize: settings.memorySize,
      log,
      guardian: this.guardian,
      variables: runtimeApi =>
        environmentVariables({
          found,
          version: LATEST,
          logStream: log.stream,
          credentials,
          runtimeApi,
          endpoint: this.endpoint,
          codeFolder,
          temporaryFolder,
        }),
    });
    const { expiration } = credentials;
    const warm = {
      environment,
      log,
      functionName: found.name,
      key: environmentKey(found),
      expiration,
    };
    const { sha256 } = found.code;
    this.code.hold(sha256);
    this.pool.register(warm, () => {
      // After a stop the store may be closed; the next start sweeps.
      if (!this.stopped) this.code.release(sha256, this.functions.codes());
    });
    return warm;
  }

  /** Lets an environment wait for the next invocation, unless its function was changed meanwhile. */
  keep(warm: WarmEnvironment): void {
    const found = this.functions.find(warm.functionName);
    if (found !== undefined && environmentKey(found) === warm.key) this.pool.give(warm);
    else warm.environment.kill();
  }

  stop(): void {
    this.stopped = true;
    this.pool.killAll();
    this.guardian.stop();
  }
}

/** Of all that an environment is made from. */
export function environmentKey({ id, settings, code }: LambdaFunction): string {
  return createHash('sha256')
    .update(JSON.stringify([id, settings, code]))
    .digest('hex');
}

function streamName({ clock }: EngineContext, { settings, name }: LambdaFunction): string {
  const day = clock.now().toISOString().slice(0, 10).replaceAll('-', '/');
  const id = randomBytes(16).toString('hex');
  // In a log group that functions share the stream names the function.
  const own = settings.logging.LogGroup === `/aws/lambda/${name}`;
  return `${day}/${own ? '' : name}[${LATEST}]${id}`;
}

/** The principal that a function is when it calls AWS. */
function assumeFunctionRole(
  context: EngineContext,
  { settings, name }: LambdaFunction,
): RolePrincipal {
  try {
    return assumeServiceRole(context, settings.role, LAMBDA_SERVICE, name);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new AwsError(
      'AccessDeniedException',
      403,
      'The role defined for the function cannot be assumed by Lambda.',
    );
  }
}
