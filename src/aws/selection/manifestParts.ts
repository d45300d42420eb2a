const MIB = 1024 * 1024;

/**
 * Bytes of a manifest's part, by its number from 1 on. S3 takes 10,000 parts of 5 MiB to 5 GiB. A
 * manifest's size is not known while it is written: small parts first, so that little is done twice
 * after an interruption and little memory is used, big ones later. 10,000 of them hold 422 GiB, some
 * five billion rows.
 */
export function partSize(part: number): number {
  if (part <= 2000) return 8 * MIB;
  return part <= 4000 ? 16 * MIB : 64 * MIB;
}

export const MAX_PARTS = 10_000;
