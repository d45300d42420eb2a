import { l10n } from 'vscode';
import { isBucketName } from '../aws/s3Uri.ts';
import { readS3Address, type PastedAddress, type RefusedAddress } from '../aws/s3Address.ts';

/** What is wrong with a pasted address, and what to paste instead; undefined for one that is read. */
export function addressProblem(text: string, endpoint?: string): string | undefined {
  const reading = readS3Address(text, endpoint);
  return reading.kind === 'refused' ? describeRefused(reading.what) : undefined;
}

/** The address that was typed or pasted, if it is one. */
export function pastedAddress(text: string, endpoint?: string): PastedAddress | undefined {
  const reading = readS3Address(text, endpoint);
  return reading.kind === 'address' ? reading.address : undefined;
}

/** The bucket, prefix or object that was typed or pasted: a bare name, or any address of S3's. */
export function typedAddress(text: string, endpoint?: string): PastedAddress | undefined {
  const typed = text.trim();
  const reading = readS3Address(typed, endpoint);
  if (reading.kind === 'address') return reading.address;
  return reading.kind === 'unknown' && isBucketName(typed) ? { bucket: typed } : undefined;
}

function describeRefused(what: RefusedAddress): string {
  switch (what) {
    case 'accessPoint':
      return l10n.t(
        'This is an access point. Paste the address of its bucket, or its alias, which ends in “-s3alias”.',
      );
    case 'multiRegionAccessPoint':
      return l10n.t(
        'This is a Multi-Region Access Point. Paste the address of one of its buckets.',
      );
    case 'outpost':
      return l10n.t('S3 on Outposts isn’t supported. Paste the address of a bucket in a Region.');
    case 'directoryBucket':
      return l10n.t(
        'Directory buckets aren’t supported. Paste the address of a general purpose bucket.',
      );
    case 'console':
      return l10n.t(
        'This page of the AWS console doesn’t name a bucket. Open the bucket or the object there, then copy the address.',
      );
    case 'service':
      return l10n.t(
        'This AWS address isn’t that of a bucket. Paste an S3 URI, an ARN or an object URL.',
      );
  }
}
