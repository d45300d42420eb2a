import type { CallOptions } from '../call.ts';
import { updateFunctionCode, updateFunctionConfiguration } from '../functions/functionChanges.ts';
import { getFunction, type FunctionDetails } from '../functions/functions.ts';
import { untilSettled } from '../functions/functionStates.ts';
import { tagFunction, untagFunction } from '../functions/functionTags.ts';
import type { DeploymentContext, Run } from './context.ts';
import { downloadCode, withZip, type WantedCode } from './functionCode.ts';
import { CODE_TAG } from './target.ts';
import type { UndoResult } from './undoLog.ts';
import { codeChanges, settingsChanges, settingsOf, wantedSettings } from './wantedFunction.ts';

/**
 * Changes a function of ours: first its code, then its settings, each when the change before is in
 * use, and only the revision that was read.
 */
export async function changeFunction(
  context: DeploymentContext,
  code: WantedCode,
  run: Run,
): Promise<void> {
  const { clients, target, region, options } = context;
  const at = { functionName: target.functionName, region };
  run.onWait('function');
  await untilSettled(clients, at, options);
  const found = await getFunction(clients, at, options);
  if (codeChanges(found, target, code).length > 0) await changeCode(context, code, found, run);
  const { revisionId } = await getFunction(clients, at, options);
  const wanted = wantedSettings(context, found);
  if (settingsChanges(settingsOf(found), wanted).length === 0) return;
  const what = `settings of function ${target.functionName}`;
  await run.undo.perform({ what, run: later => restoreSettings(context, found, later) }, () =>
    updateFunctionConfiguration(
      clients,
      { ...at, settings: wanted, revisionId, roleIsNew: run.isNew.has('role') },
      { ...options, onRoleWait: () => run.onWait('role') },
    ),
  );
}

async function restoreSettings(
  context: DeploymentContext,
  before: FunctionDetails,
  options: CallOptions,
): Promise<UndoResult> {
  const { clients, target, region } = context;
  const at = { functionName: target.functionName, region };
  await untilSettled(clients, at, options);
  const now = await getFunction(clients, at, options);
  if (settingsChanges(settingsOf(now), settingsOf(before)).length === 0) return 'nothing';
  const ours = settingsChanges(settingsOf(now), wantedSettings(context, before)).length === 0;
  if (!ours) return 'left';
  const { revisionId } = now;
  const settings = settingsOf(before);
  await updateFunctionConfiguration(clients, { ...at, settings, revisionId }, options);
  return 'undone';
}

async function changeCode(
  context: DeploymentContext,
  code: WantedCode,
  found: FunctionDetails,
  run: Run,
): Promise<void> {
  const { clients, target, region, options } = context;
  if (target.code.kind === 'deployed') return;
  const { architecture, functionName } = target;
  const old = await downloadCode(found, options);
  const what = `new code of function ${functionName}`;
  const { revisionId } = found;
  await withZip(context, target.code, async zip => {
    const updated = await run.undo.perform(
      { what, run: later => restoreCode(context, found, old, later) },
      () =>
        updateFunctionCode(
          clients,
          { functionName, region, code: zip, architecture, revisionId },
          options,
        ),
    );
    const tag = code.tag(updated.codeSha256);
    if (tag === undefined) return;
    const tags = { [CODE_TAG]: tag };
    await tagFunction(clients, { functionArn: updated.arn, region, tags }, options);
  });
}

async function restoreCode(
  { clients, target, region }: DeploymentContext,
  before: FunctionDetails,
  bytes: Uint8Array | undefined,
  options: CallOptions,
): Promise<UndoResult> {
  const at = { functionName: target.functionName, region };
  const { architecture, codeSha256, arn } = before;
  await untilSettled(clients, at, options);
  const now = await getFunction(clients, at, options);
  const isOther = now.codeSha256 !== codeSha256 || now.architecture !== architecture;
  if (isOther) {
    if (bytes === undefined) return 'left';
    const code = { kind: 'zipFile' as const, bytes };
    const { revisionId } = now;
    await updateFunctionCode(clients, { ...at, code, architecture, revisionId }, options);
  }
  const tag = before.tags?.[CODE_TAG];
  if (now.tags?.[CODE_TAG] === tag) return isOther ? 'undone' : 'nothing';
  const on = { functionArn: arn, region };
  if (tag === undefined) await untagFunction(clients, { ...on, keys: [CODE_TAG] }, options);
  else await tagFunction(clients, { ...on, tags: { [CODE_TAG]: tag } }, options);
  return 'undone';
}
