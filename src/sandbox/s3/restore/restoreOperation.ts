import { notImplemented } from '../../errors.ts';
import { childOf, childText, malformedXml } from '../../xml.ts';
import type { XmlElement } from '../../xml.ts';
import { invalidArgument } from '../errors.ts';
import type { RouteTable, S3Operation } from '../s3Call.ts';
import { readXmlBody } from '../xmlBody.ts';
import { restoreObject } from './restoreObject.ts';
import { TIERS } from '../store/restoreState.ts';
import type { Tier } from '../store/restoreState.ts';

const restore: S3Operation = async (context, call) => {
  const { request, caller, bucket, key } = call;
  const wanted = readRestoreRequest(await readXmlBody(call, 'RestoreRequest'));
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

const MEMBERS: ReadonlySet<string> = new Set(['Days', 'GlacierJobParameters', 'Description']);
/** Parts of restores that run a query or put their result elsewhere (S3 Select). */
const SELECT: ReadonlySet<string> = new Set(['Type', 'SelectParameters', 'OutputLocation']);

/**
 * Reads a RestoreRequest. Days must be there for archived objects, though the model has them optional.
 * @throws AwsError MalformedXML, InvalidArgument, NotImplemented for a restore by S3 Select
 */
function readRestoreRequest(root: XmlElement): { readonly days: number; readonly tier: Tier } {
  const names = root.children.map(({ name }) => name);
  if (new Set(names).size < names.length) throw malformedXml();
  const select = names.find(name => SELECT.has(name));
  if (select !== undefined) throw notImplemented(`RestoreObject with ${select}`);
  if (names.some(name => !MEMBERS.has(name))) throw malformedXml();
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
