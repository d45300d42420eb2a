import type { CallOptions } from '../call.ts';
import { BrigadeError } from '../errors.ts';
import { createFunction, deleteFunction } from '../functions/functionChanges.ts';
import { getFunction, type FunctionDetails } from '../functions/functions.ts';
import { tagFunction } from '../functions/functionTags.ts';
import { DESTINATION_VARIABLE, defaultDestination } from '../resizeFunction/resizeSettings.ts';
import { formatS3Uri } from '../s3Uri.ts';
import {
  conflict,
  foreign,
  orUndefined,
  roleArnOf,
  type DeploymentContext,
  type PlannedStep,
  type Run,
} from './context.ts';
import type { DeploymentWarning } from './deploymentPlan.ts';
import { changeFunction } from './functionChange.ts';
import { wantedCode, withZip, type WantedCode } from './functionCode.ts';
import { CODE_TAG } from './target.ts';
import { DEPLOYMENT_TAG } from '../deploymentTag.ts';
import type { UndoResult } from './undoLog.ts';
import {
  codeChanges,
  settingsChanges,
  settingsDetails,
  settingsOf,
  wantedSettings,
} from './wantedFunction.ts';

/** The function itself: its code and its settings. What a person added to it stays. */
export async function planFunction(context: DeploymentContext): Promise<PlannedStep> {
  const { clients, target, region, options } = context;
  const { functionName } = target;
  const facts = { kind: 'function' as const, subject: functionName };
  const [found, code] = await Promise.all([
    orUndefined(getFunction(clients, { functionName, region }, options)),
    readCode(context),
  ]);
  if ('step' in code) return code;
  if (found === undefined) return planNew(context, code);
  const theirs = foreign(facts, found.tags, target.bucket);
  if (theirs) return theirs;
  if (found.state === 'Failed') {
    const names = [functionName, found.state, found.reason];
    return conflict(facts, 'notActive', names, `Its state is Failed: ${found.reason}`);
  }
  const details = [
    ...codeChanges(found, target, code),
    ...settingsChanges(settingsOf(found), wantedSettings(context, found)),
  ];
  if (details.length === 0) return { step: { ...facts, action: 'keep', details: [found.arn] } };
  return {
    step: { ...facts, action: 'change', details },
    warnings: unused(context, found),
    apply: run => changeFunction(context, code, run),
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

async function readCode(context: DeploymentContext): Promise<WantedCode | PlannedStep> {
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

function planNew(context: DeploymentContext, code: WantedCode): PlannedStep {
  const { target } = context;
  const facts = { kind: 'function' as const, subject: target.functionName };
  if (target.code.kind === 'deployed') {
    return conflict(facts, 'missing', [target.functionName], 'There is no such function');
  }
  const details = [
    ...settingsDetails(wantedSettings(context), target, code),
    `Tag: ${DEPLOYMENT_TAG} = ${target.bucket}`,
  ];
  return {
    step: { ...facts, action: 'create', details },
    apply: run => create(context, code, run),
  };
}

async function create(context: DeploymentContext, code: WantedCode, run: Run): Promise<void> {
  const { clients, target, region, options } = context;
  const { functionName, architecture, bucket } = target;
  if (target.code.kind === 'deployed') return;
  const what = `function ${functionName}`;
  const input = { ...wantedSettings(context), functionName, region, architecture };
  await withZip(context, target.code, async zip => {
    const description = `Resizes the images of ${bucket} (Bucket Brigade)`;
    const tags = { [DEPLOYMENT_TAG]: bucket };
    const created = await run.undo.perform({ what, run: later => takeBack(context, later) }, () => {
      const roleIsNew = run.isNew.has('role');
      const onRoleWait = (): void => run.onWait('role');
      return createFunction(
        clients,
        { ...input, description, tags, code: zip, roleIsNew },
        { ...options, onRoleWait },
      );
    });
    const tag = code.tag(created.codeSha256);
    if (tag === undefined) return;
    const marked = { functionArn: created.arn, region, tags: { [CODE_TAG]: tag } };
    await tagFunction(clients, marked, options);
  });
  run.isNew.add('function');
}

async function takeBack(
  { clients, target, region }: DeploymentContext,
  options: CallOptions,
): Promise<UndoResult> {
  const { functionName, bucket } = target;
  const at = { functionName, region };
  const found = await orUndefined(getFunction(clients, at, options));
  if (found?.tags?.[DEPLOYMENT_TAG] !== bucket) return 'nothing';
  await orUndefined(deleteFunction(clients, at, options));
  return 'undone';
}
