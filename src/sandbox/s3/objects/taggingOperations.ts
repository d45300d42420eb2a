import type { S3Call, S3Operation, RouteTable } from '../s3Call.ts';
import { xmlAnswer } from '../s3Call.ts';
import type { ObjectAddress } from './getObject.ts';
import { deleteObjectTagging, getObjectTagging, putObjectTagging } from './objectTagging.ts';
import type { TaggingOutput } from './objectTagging.ts';
import { TAGGING, parseTagging, renderTagSet } from '../tagXml.ts';
import { readXmlBody } from '../xmlBody.ts';

function addressOf({ bucket, key, request }: S3Call): ObjectAddress {
  return { bucket, key, versionId: request.query.get('versionId') };
}

function versionHeader({ versionId }: TaggingOutput): Record<string, string> {
  return versionId === undefined ? {} : { 'x-amz-version-id': versionId };
}

const getTagging: S3Operation = (context, call) => {
  const output = getObjectTagging(context, call.caller, addressOf(call));
  const answer = xmlAnswer('Tagging', renderTagSet(output.tags));
  return { ...answer, headers: { ...answer.headers, ...versionHeader(output) } };
};

const putTagging: S3Operation = async (context, call) => {
  const tags = parseTagging(await readXmlBody(call, 'Tagging', TAGGING));
  const output = putObjectTagging(context, call.caller, {
    ...addressOf(call),
    tags,
    request: call.request,
  });
  return { status: 200, headers: versionHeader(output) };
};

const deleteTagging: S3Operation = (context, call) => {
  const output = deleteObjectTagging(context, call.caller, {
    ...addressOf(call),
    request: call.request,
  });
  return { status: 204, headers: versionHeader(output) };
};

export const TAGGING_OPERATIONS: RouteTable = {
  'GET object tagging': ['GetObjectTagging', getTagging],
  'PUT object tagging': ['PutObjectTagging', putTagging],
  'DELETE object tagging': ['DeleteObjectTagging', deleteTagging],
};
