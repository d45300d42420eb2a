import type { AwsError } from './errors.ts';
import type { ServiceName } from './requestedFaults/faultRule.ts';
import type { Call, SandboxRequest, SandboxResponse } from './request.ts';

/**
 * One AWS service's way of reading requests and writing answers. Each folder makes its own of the context
 * that it says it needs.
 */
export interface ServiceAdapter {
  /** Undefined for one of which no faults can be asked: it refuses everything. */
  readonly name: ServiceName | undefined;
  /** What it does, by AWS's names. */
  readonly operations: readonly string[];
  /**
   * Whether a request is for this service, judged by what the client signed for.
   * @param signingName the service in the credential scope, e.g. `s3`, `iam`.
   */
  accepts(request: SandboxRequest, signingName: string): boolean;
  /** Whether it answers those who don't say who they are. */
  readonly anonymous?: true;
  /** The operation that a request asks for, as AWS names it; undefined when it asks for none. */
  operationOf(
    call: Call,
    virtualBucket: string | undefined,
  ): string | undefined | Promise<string | undefined>;
  /** @param virtualBucket the bucket that stood in the Host header, if one did. */
  handle(call: Call, virtualBucket: string | undefined): SandboxResponse | Promise<SandboxResponse>;
  renderError(error: AwsError, request: SandboxRequest): SandboxResponse;
}
