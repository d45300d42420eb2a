import type { WantedCode } from '../deployment/functionCode.ts';
import type { OwnFunction } from '../deployment/ownFunction.ts';
import { planOwnFunction } from '../deployment/planOwnFunction.ts';
import { conflict, orUndefined } from '../deployment/plannedStep.ts';
import type { DeploymentWarning } from '../deployment/step.ts';
import { BrigadeError } from '../errors.ts';
import { getFunction, type FunctionDetails } from '../functions/functions.ts';
import {
  DESTINATION_VARIABLE,
  defaultDestination,
  defaultOf,
} from '../resizeFunction/resizeSettings.ts';
import { formatS3Uri } from '../s3Uri.ts';
import { descriptionOf, roleArnOf, type DeploymentContext, type ResizeStep } from './context.ts';
import { wantedCode } from './functionCode.ts';
import { wantedSettings } from './wantedFunction.ts';

/** The function itself: its code and its settings. What a person added to it stays. */
export async function planFunction(context: DeploymentContext): Promise<ResizeStep> {
  const { clients, target, region, options } = context;
  const { functionName } = target;
  const [found, code] = await Promise.all([
    orUndefined(getFunction(clients, { functionName, region }, options)),
    readCode(context),
  ]);
  if ('step' in code) return code;
  const planned = planOwnFunction(ownFunction(context, code), found);
  const isChanged = found !== undefined && planned.step.action === 'change';
  return isChanged ? { ...planned, warnings: unused(context, found) } : planned;
}

function ownFunction(context: DeploymentContext, code: WantedCode): OwnFunction {
  const { clients, region, options, target } = context;
  const { functionName, architecture, bucket } = target;
  return {
    ...{ clients, options, region, functionName, architecture, code },
    owner: bucket,
    description: descriptionOf(bucket),
    settings: found => wantedSettings(context, found),
    defaultOf,
  };
}

/** What the function used until now: it has objects, or others may use it, so it is not removed. */
function unused(context: DeploymentContext, found: FunctionDetails): DeploymentWarning[] {
  const { bucket, destinationBucket } = context.target;
  const before = found.environment[DESTINATION_VARIABLE] ?? defaultDestination(bucket);
  const names = [
    ...(before === destinationBucket || before === bucket ? [] : [formatS3Uri({ bucket: before })]),
    ...(found.role === roleArnOf(context) ? [] : [found.role]),
  ];
  return names.map(name => ({ code: 'stays', names: [name] }));
}

async function readCode(context: DeploymentContext): Promise<WantedCode | ResizeStep> {
  const { clients, target, region, options } = context;
  const { code } = target;
  if (code.kind !== 's3') return wantedCode(context);
  const facts = { kind: 'function' as const, subject: target.functionName };
  const uri = formatS3Uri(code);
  try {
    const wanted = await wantedCode(context);
    const codeRegion = await clients.regionOfBucket(code.bucket, options.signal);
    const reason = `${uri} is in ${codeRegion}, not in ${region}`;
    return codeRegion === region
      ? wanted
      : conflict(facts, 'otherRegion', [uri, codeRegion, region], reason);
  } catch (error) {
    if (!(error instanceof BrigadeError) || error.code !== 'NotFound') throw error;
    return conflict(facts, 'missing', [uri], `There is no ${uri}`);
  }
}
