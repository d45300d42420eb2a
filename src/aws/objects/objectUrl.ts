import { readS3Address, type AddressReading, type PastedAddress } from '../s3Address.ts';

export type ObjectAddress = PastedAddress & { readonly key: string };

/**
 * Reads whatever people copy to name an object: see `readS3Address`.
 *
 * @returns undefined for anything else, and for a bucket or prefix.
 */
export function parseObjectAddress(text: string, endpoint?: string): ObjectAddress | undefined {
  return objectOf(readS3Address(text, endpoint));
}

function objectOf(reading: AddressReading): ObjectAddress | undefined {
  if (reading.kind !== 'address') return undefined;
  const { key = '/', ...rest } = reading.address;
  return key.endsWith('/') ? undefined : { ...rest, key };
}
