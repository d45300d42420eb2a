import { notImplemented } from '../../errors.ts';
import { childOf, childText, malformedXml } from '../../xml.ts';
import type { XmlElement } from '../../xml.ts';
import type { XmlShape } from '../../xmlShape.ts';
import { invalidArgument } from '../errors.ts';
import type { RouteTable, S3Operation } from '../s3Call.ts';
import { readXmlBody } from '../xmlBody.ts';
import { restoreObject } from './restoreObject.ts';
import { TIERS } from '../store/restoreState.ts';
import type { Tier } from '../store/restoreState.ts';

const restore: S3Operation = async (context, call) => {
  const { request, caller, bucket, key } = call;
  const wanted = readRestoreRequest(await readXmlBody(call, 'RestoreRequest', REQUEST));
  const { status, versionId } = restoreObject(context, caller, {
    bucket,
    key,
    versionId: request.query.get('versionId'),
    ...wanted,
    request,
  });
  const headers: Record<string, string> =
    versionId === undefined ? {} : { 'x-amz-version-id': versionId };
  return { status, headers };
};

/** Parts of restores that run a query or put their result elsewhere (S3 Select). */
const SELECT = ['Type', 'SelectParameters', 'OutputLocation'] as const;
const REQUEST: XmlShape = {
  Days: 'text',
  GlacierJobParameters: { Tier: 'text' },
  Description: 'text',
  ...Object.fromEntries(SELECT.map(name => [name, 'anything' as const])),
};

/**
 * Reads a RestoreRequest. Days must be there for archived objects, though the model has them optional.
 * @throws AwsError MalformedXML, InvalidArgument, NotImplemented for a restore by S3 Select
 */
function readRestoreRequest(root: XmlElement): { readonly days: number; readonly tier: Tier } {
  const select = SELECT.find(name => childOf(root, name));
  if (select !== undefined) throw notImplemented(`RestoreObject with ${select}`);
  const text = childText(root, 'Days')?.trim() ?? '';
  if (!/^[+-]?\d{1,10}$/.test(text)) throw malformedXml();
  const days = Number(text);
  if (days < 1 || days > MAX_DAYS) {
    throw invalidArgument('restoration days should be at least 1', 'Days', text);
  }
  return { days, tier: readTier(childOf(root, 'GlacierJobParameters')) };
}

/** As far as AWS's Integer goes. */
const MAX_DAYS = 2 ** 31 - 1;

function readTier(parameters: XmlElement | undefined): Tier {
  if (parameters === undefined) return 'Standard';
  const text = childText(parameters, 'Tier');
  const tier = TIERS.find(each => each === text);
  if (tier === undefined) throw malformedXml();
  return tier;
}

export const RESTORE_OPERATIONS: RouteTable = {
  'POST object restore': ['RestoreObject', restore],
};
