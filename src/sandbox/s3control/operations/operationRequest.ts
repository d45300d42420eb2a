import { notImplemented } from '../../errors.ts';
import { childOf, childText, childrenOf, malformedXml } from '../../xml.ts';
import type { XmlElement } from '../../xml.ts';
import { isChecksumAlgorithm } from '../../s3/checksums.ts';
import type {
  JobOperation,
  LambdaInvoke,
  S3ComputeObjectChecksum,
  S3InitiateRestoreObject,
} from '../job.ts';
import { checkTags, readTags } from './jobTagging.ts';
import { readCopy } from './copyRequest.ts';
import { invalidRequest, limited, required } from './requestLimits.ts';

const OBJECT_TAGS = 10;
const MAX_ARGUMENTS = 10;
const FUNCTION_ARN =
  /^arn:aws[a-zA-Z-]*:lambda:[a-z]{2}(?:-[a-z]+)+-\d:\d{12}:function:[\w-]+(?::(?:\$LATEST|[\w-]+))?$/;

/**
 * Reads the Operation of CreateJob.
 * @throws AwsError InvalidRequest, MalformedXML, NotImplemented with the operation's name
 */
export function readOperation(element: XmlElement | undefined): JobOperation {
  const operations = element?.children ?? [];
  const operation = operations[0];
  if (operation === undefined || operations.length !== 1) {
    throw invalidRequest('Operation must have exactly one member.');
  }
  const { name } = operation;
  if (name === 'S3DeleteObjectTagging') return { name };
  if (name === 'S3InitiateRestoreObject') return readRestore(operation);
  if (name === 'S3PutObjectCopy') return readCopy(operation);
  if (name === 'S3ComputeObjectChecksum') return readChecksum(operation);
  if (name === 'LambdaInvoke') return readLambdaInvoke(operation);
  if (name !== 'S3PutObjectTagging') throw notImplemented(`CreateJob with the operation ${name}`);
  const tags = readTags(childOf(operation, 'TagSet'));
  checkTags(tags, OBJECT_TAGS);
  return { name, tags };
}

/** Whether there is such a function is found out by the tasks. */
function readLambdaInvoke(operation: XmlElement): LambdaInvoke {
  const functionArn = limited(childText(operation, 'FunctionArn'), 'FunctionArn', 1, 1024) ?? '';
  if (!FUNCTION_ARN.test(functionArn)) {
    throw invalidRequest('The FunctionArn of LambdaInvoke must be the ARN of a function.');
  }
  const schemaVersion = childText(operation, 'InvocationSchemaVersion') ?? '1.0';
  if (schemaVersion !== '1.0' && schemaVersion !== '2.0') {
    throw invalidRequest('The InvocationSchemaVersion must be 1.0 or 2.0.');
  }
  const userArguments = readUserArguments(childOf(operation, 'UserArguments'));
  if (userArguments !== undefined && schemaVersion !== '2.0') {
    throw invalidRequest('UserArguments need the InvocationSchemaVersion 2.0.');
  }
  return { name: 'LambdaInvoke', functionArn, schemaVersion, userArguments };
}

/**
 * Objects of GLACIER and DEEP_ARCHIVE need ExpirationInDays, and there are no others here that can be
 * restored. Batch Operations has no Expedited tier. (S3 Control API, S3InitiateRestoreObjectOperation.)
 */
function readRestore(operation: XmlElement): S3InitiateRestoreObject {
  const days = childText(operation, 'ExpirationInDays') ?? '';
  if (!/^\d{1,9}$/.test(days) || Number(days) < 1) {
    throw invalidRequest('The ExpirationInDays of S3InitiateRestoreObject must be 1 or greater.');
  }
  const tier = childText(operation, 'GlacierJobTier') ?? 'STANDARD';
  if (tier !== 'STANDARD' && tier !== 'BULK') throw malformedXml();
  return { name: 'S3InitiateRestoreObject', expirationInDays: Number(days), tier };
}

const OTHER_ALGORITHMS = ['SHA512', 'XXHASH64', 'XXHASH3', 'XXHASH128'];

/**
 * MD5 and the checksums that objects have here; AWS says no default. (User guide, "Checking object
 * integrity for data at rest", says which algorithms have a composite checksum.)
 */
function readChecksum(operation: XmlElement): S3ComputeObjectChecksum {
  const algorithm = required(childText(operation, 'ChecksumAlgorithm'), 'ChecksumAlgorithm');
  const type = required(childText(operation, 'ChecksumType'), 'ChecksumType');
  if (OTHER_ALGORITHMS.includes(algorithm)) {
    throw notImplemented(`S3ComputeObjectChecksum with the algorithm ${algorithm}`);
  }
  if (algorithm !== 'MD5' && !isChecksumAlgorithm(algorithm)) throw malformedXml();
  if (type !== 'FULL_OBJECT' && type !== 'COMPOSITE') throw malformedXml();
  if (algorithm === 'CRC64NVME' && type === 'COMPOSITE') {
    throw invalidRequest('CRC64NVME has no checksums of the type COMPOSITE.');
  }
  return { name: 'S3ComputeObjectChecksum', algorithm, type };
}

function readUserArguments(element: XmlElement | undefined): Record<string, string> | undefined {
  if (element === undefined) return undefined;
  const entries = childrenOf(element, 'entry').map((entry): readonly [string, string] => {
    const key = limited(childText(entry, 'key') ?? '', 'The key of a UserArgument', 1, 64) ?? '';
    const value = limited(childText(entry, 'value') ?? '', 'The value of a UserArgument', 0, 1024);
    return [key, value ?? ''];
  });
  if (entries.length === 0 || entries.length > MAX_ARGUMENTS) {
    throw invalidRequest(`UserArguments must have 1 to ${MAX_ARGUMENTS} entries.`);
  }
  const names = entries.map(([key]) => key);
  const repeated = names.find((key, index) => names.indexOf(key) !== index);
  if (repeated !== undefined) throw invalidRequest(`The UserArgument ${repeated} is repeated.`);
  return Object.fromEntries(entries);
}
