/** The elements that the SDK's model knows of, each with what may stand in it. */
const ENTRY = ['Id', 'Event', 'Filter'];
const CHILDREN: Readonly<Record<string, readonly string[]>> = {
  '': ['NotificationConfiguration'],
  NotificationConfiguration: [
    'CloudFunctionConfiguration',
    'QueueConfiguration',
    'TopicConfiguration',
    'EventBridgeConfiguration',
  ],
  CloudFunctionConfiguration: [...ENTRY, 'CloudFunction'],
  QueueConfiguration: [...ENTRY, 'Queue'],
  TopicConfiguration: [...ENTRY, 'Topic'],
  Filter: ['S3Key'],
  S3Key: ['FilterRule'],
  FilterRule: ['Name', 'Value'],
};

/** A start tag, with its name and whether it is empty, or an end tag. */
const TAG = /<(?:\?[\s\S]*?\?|!--[\s\S]*?--|\/[^>]*|([^\s/>]+)(?:[^>"']|"[^"]*"|'[^']*')*?(\/)?)>/g;

/**
 * The first element of a bucket's notification document that the SDK leaves out when it reads it:
 * S3 may have learned something new since. Undefined when it reads all of it.
 *
 * @param xml what S3 answered, known to be well-formed because the SDK read it
 */
export function firstUnknownElement(xml: string): string | undefined {
  const open: string[] = [''];
  for (const [tag, name, empty] of xml.matchAll(TAG)) {
    if (tag.startsWith('</')) open.pop();
    if (name === undefined) continue;
    if (!(CHILDREN[open.at(-1) ?? ''] ?? []).includes(name)) return name;
    if (empty === undefined) open.push(name);
  }
  return undefined;
}
