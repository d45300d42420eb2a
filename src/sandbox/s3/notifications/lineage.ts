import { createHash, randomBytes } from 'node:crypto';

/**
 * How often the calls of a function may cause the next call of the same function before Lambda takes it
 * for a loop: "approximately 16 times" (Lambda developer guide, "Use Lambda recursive loop detection").
 */
export const MAX_HOPS = 16;

export interface Lineage {
  /** The X-Amzn-Trace-Id for the function. */
  readonly header: string;
  /** The how-manieth call of this function in its chain of calls this is. */
  readonly hops: number;
}

/**
 * Counts a call of a function in the trace header of the request that caused it, as Lambda does: its
 * part `Lineage=<hash>:<count>|<hash>:<count>…` has a count for each function of the chain. The SDK in a
 * function gives the header to every call that it makes, which is how it comes back here.
 * @param header the X-Amzn-Trace-Id of that request, if it had one
 */
export function countCall(header: string | undefined, functionArn: string, now: Date): Lineage {
  const parts = readHeader(header);
  const counts = readCounts(parts.get('Lineage'));
  const hash = createHash('sha256').update(functionArn).digest('hex').slice(0, 8);
  const hops = (counts.get(hash) ?? 0) + 1;
  counts.set(hash, hops);
  const lineage = [...counts].map(([each, count]) => `${each}:${count}`).join('|');
  const root = parts.get('Root') ?? newRoot(now);
  const parent = randomBytes(8).toString('hex');
  return { header: `Root=${root};Parent=${parent};Sampled=0;Lineage=${lineage}`, hops };
}

function readHeader(header = ''): Map<string, string> {
  return new Map(
    header.split(';').map(part => {
      const [name = '', value = ''] = part.split('=');
      return [name.trim(), value];
    }),
  );
}

/** Anyone may send the header: what is not of the form is nobody's count. */
function readCounts(lineage = ''): Map<string, number> {
  const matches = lineage.matchAll(/(?:^|\|)([0-9a-f]{8}):(\d{1,5})(?=\||$)/g);
  return new Map([...matches].map(([, hash = '', count]) => [hash, Number(count)]));
}

/** `1-<seconds since 1970>-<random>`, both hexadecimal (AWS X-Ray developer guide). */
function newRoot(now: Date): string {
  const seconds = Math.floor(now.getTime() / 1000)
    .toString(16)
    .padStart(8, '0');
  return `1-${seconds}-${randomBytes(12).toString('hex')}`;
}
