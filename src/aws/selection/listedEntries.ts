import type { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { readText, type Response } from '../answers/responseBody.ts';
import { decodeXml } from '../xmlText.ts';

/** An object or version as a listing names it: the texts of its elements. */
export interface ListedEntry {
  /** The name of its element. */
  readonly element: string;
  readonly Key: string;
  readonly Size: string | undefined;
  readonly LastModified: string | undefined;
  readonly StorageClass: string | undefined;
  readonly VersionId: string | undefined;
  readonly IsLatest: string | undefined;
}

/**
 * Takes the entries out of a listing's answer before the SDK parses it, which takes it five times as
 * long as all the rest of a listing together: nothing but the listing's own elements is left to it.
 * Call the result once the command has been sent.
 *
 * @param read the names of the elements that are read
 * @param names of all elements that are entries: those that aren't read are left out
 */
export function takeEntries(
  { middlewareStack }: Pick<ListObjectsV2Command, 'middlewareStack'>,
  read: readonly string[],
  names: readonly string[] = read,
): () => ListedEntry[] {
  let entries: ListedEntry[] = [];
  middlewareStack.add(
    next => async args => {
      const output = await next(args);
      const response = output.response as Response;
      if (response.statusCode === 200) {
        const text = await readText(response);
        entries = entriesOf(text, ...read);
        response.body = Buffer.from(withoutEntries(text, names));
      }
      return output;
    },
    // As near to the network as possible: what proves and parses the answer sees what is left.
    { step: 'deserialize', priority: 'low', name: 'takeEntries' },
  );
  return () => entries;
}

/** The entries of these kinds, in the order of the answer. */
export function entriesOf(text: string, ...names: readonly string[]): ListedEntry[] {
  const found = names.map(name => entriesOfOne(text, name));
  if (found.length === 1) return (found[0] ?? []).map(({ entry }) => entry);
  return found
    .flat()
    .sort((a, b) => a.at - b.at)
    .map(({ entry }) => entry);
}

function entriesOfOne(text: string, name: string): { at: number; entry: ListedEntry }[] {
  const entries: { at: number; entry: ListedEntry }[] = [];
  const [open, close] = [`<${name}>`, `</${name}>`];
  for (let start = text.indexOf(open); start >= 0;) {
    const end = text.indexOf(close, start);
    if (end < 0) break;
    entries.push({ at: start, entry: entryOf(name, text.slice(start + open.length, end)) });
    start = text.indexOf(open, end);
  }
  return entries;
}

function entryOf(name: string, entry: string): ListedEntry {
  return {
    element: name,
    Key: element(entry, 'Key') ?? '',
    Size: element(entry, 'Size'),
    LastModified: element(entry, 'LastModified'),
    StorageClass: element(entry, 'StorageClass'),
    VersionId: element(entry, 'VersionId'),
    IsLatest: element(entry, 'IsLatest'),
  };
}

/** From the first to the last of them; half an answer stays half a one. */
function withoutEntries(text: string, names: readonly string[]): string {
  const starts = names.map(name => text.indexOf(`<${name}>`)).filter(at => at >= 0);
  if (starts.length === 0) return text;
  const ends = names.map(name => {
    const close = `</${name}>`;
    const at = text.lastIndexOf(close);
    return at < 0 ? 0 : at + close.length;
  });
  const [start, end] = [Math.min(...starts), Math.max(...ends)];
  return end < start ? text : text.slice(0, start) + text.slice(end);
}

function element(entry: string, name: string): string | undefined {
  const open = `<${name}>`;
  const start = entry.indexOf(open);
  if (start < 0) return undefined;
  return decodeXml(entry.slice(start + open.length, entry.indexOf('<', start + open.length)));
}
