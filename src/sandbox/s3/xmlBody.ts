import type { Call } from '../request.ts';
import type { XmlElement } from '../xml.ts';
import { parseXml } from '../xml.ts';
import type { XmlShape } from '../xmlShape.ts';
import type { DigestPlan } from './digestPlan.ts';
import { readDigestPlan, verifyBytes } from './digestPlan.ts';
import { invalidRequest } from './errors.ts';

/** Larger than a DeleteObjects of 1,000 keys of 1,024 bytes, all escaped. */
const MAX_XML_BODY = 8 * 1024 * 1024;

/**
 * Reads, verifies and parses a body of XML.
 * @param shape what the root holds (API reference, by the operation)
 * @param digests what to verify it by; the headers say it, but where they speak of something else.
 * @throws AwsError MalformedXML, BadDigest.
 */
export async function readXmlBody(
  call: Call,
  root: string,
  shape: XmlShape,
  digests: DigestPlan = readDigestPlan(call, 'CRC32'),
): Promise<XmlElement> {
  const bytes = await call.request.body.bytes(MAX_XML_BODY);
  await verifyBytes(bytes, digests);
  return parseXml(bytes.toString('utf8'), [root, shape]);
}

/** @throws AwsError InvalidRequest for a body whose digest nobody tells, where S3 insists on one */
export function requireDigest(call: Call): void {
  const plan = readDigestPlan(call);
  if (plan.contentMd5 !== undefined || plan.expected !== undefined) return;
  throw invalidRequest('Missing required header for this request: Content-MD5 OR x-amz-checksum-*');
}
