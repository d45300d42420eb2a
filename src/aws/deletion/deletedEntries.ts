import type { DeleteObjectsCommand } from '@aws-sdk/client-s3';
import { readText, type Response } from '../answers/responseBody.ts';
import { decodeXml } from '../xmlText.ts';

/** What an answer to DeleteObjects says of an object that was deleted. */
export interface DeletedEntry {
  readonly key: string;
  readonly versionId: string | undefined;
  /** Of the delete marker that was made. */
  readonly markerVersionId: string | undefined;
}

const OPEN = '<Deleted>';
const CLOSE = '</Deleted>';

/**
 * Takes what was deleted out of the answer before the SDK parses it, which takes it several times as long as
 * all the rest of a request. Call the result once the command has been sent.
 */
export function takeDeleted({
  middlewareStack,
}: Pick<DeleteObjectsCommand, 'middlewareStack'>): () => readonly DeletedEntry[] {
  let entries: DeletedEntry[] = [];
  middlewareStack.add(
    next => async args => {
      const output = await next(args);
      const response = output.response as Response;
      if (response.statusCode === 200) {
        const taken = splitDeleted(await readText(response));
        entries = taken.entries;
        response.body = Buffer.from(taken.rest);
      }
      return output;
    },
    // As near to the network as possible: what proves and parses the answer sees what is left.
    { step: 'deserialize', priority: 'low', name: 'takeDeleted' },
  );
  return () => entries;
}

/** The entries of an answer, and all that is beside them; half an answer stays half a one. */
export function splitDeleted(text: string): { entries: DeletedEntry[]; rest: string } {
  const entries: DeletedEntry[] = [];
  const rest: string[] = [];
  let at = 0;
  for (;;) {
    const start = text.indexOf(OPEN, at);
    const end = start < 0 ? -1 : text.indexOf(CLOSE, start);
    if (end < 0) break;
    rest.push(text.slice(at, start));
    const entry = text.slice(start + OPEN.length, end);
    entries.push({
      key: element(entry, 'Key') ?? '',
      versionId: element(entry, 'VersionId'),
      markerVersionId: element(entry, 'DeleteMarkerVersionId'),
    });
    at = end + CLOSE.length;
  }
  rest.push(text.slice(at));
  return { entries, rest: rest.join('') };
}

function element(entry: string, name: string): string | undefined {
  const open = `<${name}>`;
  const start = entry.indexOf(open);
  if (start < 0) return undefined;
  return decodeXml(entry.slice(start + open.length, entry.indexOf('<', start + open.length)));
}
