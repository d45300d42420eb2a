import { l10n } from 'vscode';
import { BrigadeError } from '../../aws/errors.ts';
import { isDeployedFor } from '../../aws/notifications/bucketFunction.ts';
import { readBucketFunctions } from '../../aws/notifications/bucketFunctions.ts';
import { headObject } from '../../aws/objects/listing.ts';
import { resizeObject } from '../../aws/resizeFunction/resizeObject.ts';
import {
  DESTINATION_VARIABLE,
  defaultDestination,
} from '../../aws/resizeFunction/resizeSettings.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { Session } from '../../services.ts';
import { escapeMarkdown } from '../../vscode/markdown.ts';
import { formatSize } from '../../vscode/sizes.ts';
import type { ActingTool, ToolCall } from '../tool.ts';
import { assertAsConfirmed } from './asConfirmed.ts';
import { copiesText } from './whatAndWhere.ts';

interface ImageInput {
  readonly bucket: string;
  readonly key: string;
}

/** Has the function that was deployed for a bucket resize one of its objects. */
export const invokeResize: ActingTool = {
  kind: 'acting',
  async plan({ session, input: { bucket, key }, signal }: ToolCall<ImageInput>) {
    const image = { bucket, key };
    const found = await look(session, image, signal);
    const { name, region, destination, object } = found;
    return {
      title: l10n.t('Invoke {0} on 1 object?', name),
      paragraphs: [
        escapeMarkdown(l10n.t('{0}, {1}', formatS3Uri(image), formatSize(object.size))),
        escapeMarkdown(copiesText(destination)),
        escapeMarkdown(l10n.t('Region: {0}', region)),
      ],
      act: async now => {
        const again = await look(now.session, image, now.signal);
        assertAsConfirmed(found, again, formatS3Uri(image));
        const { result, requestId } = await resizeObject(
          now.session.clients,
          { functionName: name, region, object },
          { signal: now.signal },
        );
        const notes = [`The function was invoked once. Outcome: ${result.outcome}.`];
        return { region, notes, rows: [{ requestId, ...result }], changed: {} };
      },
    };
  },
};

/** The function, its code and settings, and the object as it is. @throws BrigadeError `InvalidInput` … */
async function look({ clients }: Session, { bucket, key }: ImageInput, signal: AbortSignal) {
  const functions = await readBucketFunctions(clients, bucket, { signal });
  const found = functions.find(each => isDeployedFor(each, bucket));
  if (found === undefined) {
    const sentence = l10n.t('No resize function is deployed for this bucket. Deploy it first.');
    throw new BrigadeError('InvalidInput', sentence, { subject: formatS3Uri({ bucket }) });
  }
  const { name, region, codeSha256, environment } = found;
  const destination = environment[DESTINATION_VARIABLE] ?? defaultDestination(bucket);
  const client = await clients.s3ForBucket(bucket, signal);
  const { size, eTag, versionId } = await headObject(client, { bucket, key }, { signal });
  const object = { bucket, key, size, eTag, ...(versionId !== undefined && { versionId }) };
  return { name, region, codeSha256, environment, destination, object };
}
