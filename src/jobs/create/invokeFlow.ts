import { l10n } from 'vscode';
import { isGenerator } from '../../aws/manifest/jobManifest.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import { askForFunction } from './askFunction.ts';
import { askForObjects } from './askObjects.ts';
import { invocationOf } from './calledFunction.ts';
import type { Draft } from './draft.ts';
import type { JobFlow } from './flow.ts';

/** How a job is made that invokes a function once for each object. */
export function invokeFlow(title: string): JobFlow {
  return {
    kind: 'invoking',
    title,
    askManifest: askForObjects,
    askOperation: async (position, asking) => {
      const { operation } = asking.draft;
      const before = operation?.name === 'LambdaInvoke' ? operation : undefined;
      const called = await askForFunction(position, asking, before?.functionArn);
      return before && before.functionArn === called.arn ? before : invocationOf(called);
    },
  };
}

/** The same for what lies in a bucket already and was never resized. */
export function resizeFlow(): JobFlow {
  return {
    ...invokeFlow(l10n.t('Resize Existing Objects')),
    kind: 'resizing',
    describe: describeResizing,
  };
}

function describeResizing({ manifest }: Draft): string | undefined {
  if (manifest === undefined) return undefined;
  const where = isGenerator(manifest)
    ? formatS3Uri({ bucket: manifest.sourceBucket, key: manifest.prefix })
    : formatS3Uri(manifest);
  return l10n.t('Resize {0}', where);
}
