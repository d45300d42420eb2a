import { AwsError } from '../errors.ts';
import type { Services } from '../sandboxServices.ts';
import type { Store } from '../store.ts';

/** A call of a function whose result is waited for. */
export interface Invocation {
  /** A name, or an ARN, with a qualifier or without. */
  readonly functionName: string;
  /** JSON text, at most 6 MB. */
  readonly payload: Buffer;
  /** Made when it is left out. */
  readonly requestId?: string;
  /** What X-Amz-Client-Context holds, decoded. */
  readonly clientContext?: string;
  /**
   * The X-Amzn-Trace-Id that the function gets (`Lambda-Runtime-Trace-Id`, `_X_AMZN_TRACE_ID`): the SDK
   * in it sends it along with each of its calls, by which loops are found. Made when it is left out.
   */
  readonly traceHeader?: string;
  /** Gives up waiting; the function runs on, as on AWS. */
  readonly signal?: AbortSignal;
}

export interface InvocationResult {
  /** Only there when the function failed; then the payload tells why. */
  readonly functionError?: 'Unhandled';
  readonly payload: Buffer;
  /** The last 4 KB of the invocation's log. */
  readonly logTail: Buffer;
  readonly executedVersion: string;
  readonly requestId: string;
}

/** A call that waits in the queue until it is run. */
export type AsynchronousInvocation = Pick<
  Invocation,
  'functionName' | 'payload' | 'requestId' | 'traceHeader'
>;

/** A service that wants to call a function on behalf of one of its resources. */
export interface Sender {
  readonly service: 's3.amazonaws.com';
  readonly sourceArn: string;
  readonly sourceAccount: string;
}

/** The functions of the account, what runs them, and the queue of asynchronous invocations. */
export class LambdaEngine {
  readonly store: Store;
  endpoint = '';

  constructor(store: Store) {
    this.store = store;
  }

  /**
   * Begins, with the asynchronous invocations that a former run has left.
   * @param endpoint where functions reach the sandbox
   */
  start(_services: Services, endpoint: string): void {
    this.endpoint = endpoint;
  }

  /** Kills what runs; asynchronous invocations stay in the queue. */
  async stop(): Promise<void> {
    await Promise.resolve();
  }

  /**
   * Runs a function and waits for its result (InvocationType RequestResponse). Whether the caller may is
   * not asked here.
   * @throws AwsError ResourceNotFoundException 404; TooManyRequestsException 429 when it is throttled;
   * ResourceConflictException 409 while it is Pending; RequestTooLargeException 413
   */
  invoke(_services: Services, invocation: Invocation): Promise<InvocationResult> {
    return Promise.reject(functionNotFound(invocation.functionName));
  }

  /**
   * Takes an asynchronous invocation (InvocationType Event); once this returns, or once the transaction
   * around it is committed, it survives a kill. It is tried again after 1 and after 2 minutes when the
   * function fails, and longer when it is throttled.
   * @returns the request id
   * @throws AwsError ResourceNotFoundException 404, RequestTooLargeException 413
   */
  acceptEvent(_services: Services, invocation: AsynchronousInvocation): string {
    throw functionNotFound(invocation.functionName);
  }

  /** Whether the function's resource policy lets the sender call it. */
  maySend(functionArn: string, sender: Sender): 'allowed' | 'denied' | 'noFunction' {
    return functionArn === sender.sourceArn ? 'denied' : 'noFunction';
  }
}

function functionNotFound(name: string): AwsError {
  return new AwsError('ResourceNotFoundException', 404, `Function not found: ${name}`);
}
