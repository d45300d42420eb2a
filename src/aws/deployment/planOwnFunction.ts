import type { CallOptions } from '../call.ts';
import { createFunction, deleteFunction } from '../functions/functionWrites.ts';
import { getFunction, type FunctionDetails } from '../functions/functions.ts';
import { tagFunction } from '../functions/functionTags.ts';
import { DEPLOYMENT_TAG } from './deploymentTag.ts';
import { changeFunction } from './functionChange.ts';
import { CODE_TAG } from './functionCode.ts';
import { codeChanges, settingsChanges, settingsDetails, settingsOf } from './functionSettings.ts';
import type { OwnFunction } from './ownFunction.ts';
import { conflict, foreign, orUndefined, type PlannedStep, type Run } from './plannedStep.ts';
import type { UndoResult } from './undoLog.ts';

/**
 * Plans a function of ours: its code and its settings.
 *
 * @param found the one that is there
 */
export function planOwnFunction(
  own: OwnFunction,
  found: FunctionDetails | undefined,
): PlannedStep<'function'> {
  const { functionName } = own;
  const facts = { kind: 'function' as const, subject: functionName };
  if (found === undefined) return planNew(own);
  const theirs = foreign(facts, found.tags, own.owner);
  if (theirs) return theirs;
  if (found.state === 'Failed') {
    const names = [functionName, found.state, found.reason];
    return conflict(facts, 'notActive', names, `Its state is Failed: ${found.reason}`);
  }
  const details = [
    ...codeChanges(found, own.architecture, own.code),
    ...settingsChanges(settingsOf(found), own.settings(found), own.defaultOf),
  ];
  if (details.length === 0) return { step: { ...facts, action: 'keep', details: [found.arn] } };
  return {
    step: { ...facts, action: 'change', details },
    apply: run => changeFunction(own, run),
  };
}

function planNew(own: OwnFunction): PlannedStep<'function'> {
  const { functionName, architecture, code } = own;
  const facts = { kind: 'function' as const, subject: functionName };
  if (code.withZip === undefined) {
    return conflict(facts, 'missing', [functionName], 'There is no such function');
  }
  const details = [
    ...settingsDetails(own.settings(), architecture, code),
    { kind: 'tag' as const, key: DEPLOYMENT_TAG, value: own.owner },
  ];
  return { step: { ...facts, action: 'create', details }, apply: run => create(own, run) };
}

async function create(own: OwnFunction, run: Run): Promise<void> {
  const { clients, functionName, region, architecture, description, options } = own;
  const what = `function ${functionName}`;
  const input = { ...own.settings(), functionName, region, architecture, description };
  await own.code.withZip?.(async zip => {
    const tags = { [DEPLOYMENT_TAG]: own.owner };
    const created = await run.undo.perform({ what, run: later => rollBack(own, later) }, () => {
      const roleIsNew = run.isNew.has('role');
      const onRoleWait = (): void => run.onWait('role');
      return createFunction(
        clients,
        { ...input, tags, code: zip, roleIsNew },
        { ...options, onRoleWait },
      );
    });
    const tag = own.code.tag(created.codeSha256);
    if (tag === undefined) return;
    const marked = { functionArn: created.arn, region, tags: { [CODE_TAG]: tag } };
    await tagFunction(clients, marked, options);
  });
  run.isNew.add('function');
}

async function rollBack(
  { clients, functionName, region, owner }: OwnFunction,
  options: CallOptions,
): Promise<UndoResult> {
  const at = { functionName, region };
  const found = await orUndefined(getFunction(clients, at, options));
  if (found?.tags?.[DEPLOYMENT_TAG] !== owner) return 'nothing';
  await orUndefined(deleteFunction(clients, at, options));
  return 'undone';
}
