import { currentRevision, isPending, isUpdating } from '../lambdaFunction.ts';
import type { LambdaFunction } from '../lambdaFunction.ts';
import { LATEST } from '../environments/environmentFactory.ts';
import { runtimeArn } from '../environments/platformLines.ts';

/** A function as the API shows it: the shape FunctionConfiguration. */
export function functionConfiguration(found: LambdaFunction, now: Date): object {
  const { settings, code } = found;
  const { environment } = settings;
  return {
    FunctionName: found.name,
    FunctionArn: found.arn,
    Runtime: settings.runtime,
    Role: settings.role,
    Handler: settings.handler,
    CodeSize: code.size,
    Description: settings.description,
    Timeout: settings.timeout,
    MemorySize: settings.memorySize,
    LastModified: lambdaTime(found.lastModified),
    CodeSha256: Buffer.from(code.sha256, 'hex').toString('base64'),
    Version: LATEST,
    Environment: environment && { Variables: environment },
    TracingConfig: { Mode: 'PassThrough' },
    RevisionId: currentRevision(found, now),
    ...stateOf(found, now),
    PackageType: 'Zip',
    Architectures: [code.architecture],
    EphemeralStorage: { Size: settings.ephemeralStorage },
    SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
    RuntimeVersionConfig: { RuntimeVersionArn: runtimeArn(settings.runtime) },
    LoggingConfig: settings.logging,
  };
}

/** The states as AWS shows them while a function is created and while it is updated. */
function stateOf(found: LambdaFunction, now: Date): object {
  if (isPending(found, now)) {
    return {
      State: 'Pending',
      StateReason: 'The function is being created.',
      StateReasonCode: 'Creating',
    };
  }
  if (isUpdating(found, now)) {
    return {
      State: 'Active',
      LastUpdateStatus: 'InProgress',
      LastUpdateStatusReason: 'The function is being created.',
      LastUpdateStatusReasonCode: 'Creating',
    };
  }
  return { State: 'Active', LastUpdateStatus: 'Successful' };
}

/** Lambda's way to write a time: `2026-01-02T03:04:05.678+0000`. */
function lambdaTime(time: Date): string {
  return time.toISOString().replace('Z', '+0000');
}
