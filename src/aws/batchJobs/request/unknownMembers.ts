import { JobDescriptor$ } from '@aws-sdk/client-s3-control';
import { NormalizedSchema } from '@smithy/core/schema';

/** A start tag, with its name and whether it is empty, or an end tag. */
const TAG = /<(?:\?[\s\S]*?\?|!--[\s\S]*?--|\/[^>]*|([^\s/>]+)(?:[^>"']|"[^"]*"|'[^']*')*?(\/)?)>/g;

/** What of a job was asked for: another job of the same needs all of it. */
const ASKED = new Set(['Operation', 'Manifest', 'ManifestGenerator', 'Report']);

/** An element that is open: what may stand in it, or undefined where nothing is known of that. */
interface Open {
  readonly name: string;
  readonly schema: NormalizedSchema | undefined;
}

/**
 * The members of what a job was asked for that the SDK leaves out when it reads DescribeJob's answer:
 * S3 may have learned something new since (`Operation.S3PutObjectRetention.EventHold`). What stands
 * in such a member is not listed.
 *
 * @param xml what S3 answered, known to be well-formed because the SDK read it
 */
export function unknownMembers(xml: string): string[] {
  const unknown: string[] = [];
  const open: Open[] = [];
  let depth = 0;
  for (const [tag, name, empty] of xml.matchAll(TAG)) {
    if (tag.startsWith('</')) {
      depth -= 1;
      if (open.length > depth) open.pop();
    }
    if (name === undefined) continue;
    // <DescribeJobResult><Job>…
    if (depth === 1 && name === 'Job') {
      open.push({ name: '', schema: undefined }, { name, schema: JOB });
    } else if (open.length === depth && open.length > 1) {
      const parent = open.at(-1)?.schema;
      const path = [...open.slice(2).map(each => each.name), name];
      const schema = parent && childOf(parent, name);
      if (schema === undefined && parent !== undefined && path.length > 1) {
        unknown.push(path.join('.'));
      }
      if (schema !== undefined && isAsked(path) && empty === undefined) open.push({ name, schema });
    }
    if (empty === undefined) depth += 1;
  }
  return [...new Set(unknown)];
}

const JOB = NormalizedSchema.of(JobDescriptor$);

function isAsked([first = '']: readonly string[]): boolean {
  return ASKED.has(first);
}

/** What may stand in a child; undefined where there is no such child. */
function childOf(parent: NormalizedSchema, element: string): NormalizedSchema | undefined {
  if (parent.isListSchema()) {
    const item = parent.getValueSchema();
    return element === elementName(item, 'member') ? item : undefined;
  }
  // Entries of a map are named by whoever made the job.
  if (parent.isMapSchema()) return parent;
  if (!parent.isStructSchema()) return undefined;
  for (const [name, member] of parent.structIterator()) {
    if (elementName(member, name) === element) return member;
  }
  return undefined;
}

function elementName(schema: NormalizedSchema, usual: string): string {
  return schema.getMergedTraits().xmlName ?? usual;
}
