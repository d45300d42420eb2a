import type { CallOptions } from '../call.ts';
import { updateFunctionCode, updateFunctionConfiguration } from '../functions/functionWrites.ts';
import { getFunction, type FunctionDetails } from '../functions/functions.ts';
import { waitUntilActive } from '../functions/functionStates.ts';
import { tagFunction, untagFunction } from '../functions/functionTags.ts';
import { CODE_TAG, downloadCode } from './functionCode.ts';
import { codeChanges, settingsChanges, settingsOf } from './functionSettings.ts';
import type { OwnFunction } from './ownFunction.ts';
import type { Run } from './plannedStep.ts';
import type { UndoResult } from './undoLog.ts';

/**
 * Changes a function of ours: first its code, then its settings, each when the change before is in
 * use, and only the revision that was read.
 */
export async function changeFunction(own: OwnFunction, run: Run): Promise<void> {
  const { clients, functionName, region, architecture, code, options } = own;
  const at = { functionName, region };
  run.onWait('function');
  await waitUntilActive(clients, at, options);
  const found = await getFunction(clients, at, options);
  if (codeChanges(found, architecture, code).length > 0) await changeCode(own, found, run);
  const { revisionId } = await getFunction(clients, at, options);
  const wanted = own.settings(found);
  if (settingsChanges(settingsOf(found), wanted).length === 0) return;
  const what = `settings of function ${functionName}`;
  await run.undo.perform({ what, run: later => restoreSettings(own, found, later) }, () =>
    updateFunctionConfiguration(
      clients,
      { ...at, settings: wanted, revisionId, roleIsNew: run.isNew.has('role') },
      { ...options, onRoleWait: () => run.onWait('role') },
    ),
  );
}

async function restoreSettings(
  own: OwnFunction,
  before: FunctionDetails,
  options: CallOptions,
): Promise<UndoResult> {
  const { clients, functionName, region } = own;
  const at = { functionName, region };
  await waitUntilActive(clients, at, options);
  const now = await getFunction(clients, at, options);
  if (settingsChanges(settingsOf(now), settingsOf(before)).length === 0) return 'nothing';
  const ours = settingsChanges(settingsOf(now), own.settings(before)).length === 0;
  if (!ours) return 'left';
  const { revisionId } = now;
  const settings = settingsOf(before);
  await updateFunctionConfiguration(clients, { ...at, settings, revisionId }, options);
  return 'undone';
}

async function changeCode(own: OwnFunction, found: FunctionDetails, run: Run): Promise<void> {
  const { clients, region, options, architecture, functionName, code } = own;
  const old = await downloadCode(found, options);
  const what = `new code of function ${functionName}`;
  const { revisionId } = found;
  await code.withZip?.(async zip => {
    const updated = await run.undo.perform(
      { what, run: later => restoreCode(own, found, old, later) },
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
  { clients, functionName, region }: OwnFunction,
  before: FunctionDetails,
  bytes: Uint8Array | undefined,
  options: CallOptions,
): Promise<UndoResult> {
  const at = { functionName, region };
  const { architecture, codeSha256, arn } = before;
  await waitUntilActive(clients, at, options);
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
