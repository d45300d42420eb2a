import { Fault, permanent } from './fault.ts';

/**
 * What libvips' and sharp's messages mean; whatever they say of a file's contents is permanent.
 *
 * @param error what sharp threw
 */
export function decodeFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  const text = error instanceof Error ? error.message : String(error);
  // libvips writes a line per problem; the first one is the cause.
  const [cause = ''] = text.trim().split('\n');
  if (/exceeds pixel limit/i.test(text)) return permanent('TooManyPixels', cause, { cause: error });
  if (/^timeout: /.test(text)) {
    return new Fault(
      'transient',
      'TooSlow',
      `The picture takes longer than the function may run (${cause}): ` +
        'give it more time or more memory, which also gives it more CPU',
      { cause: error },
    );
  }
  return permanent('CorruptPicture', `The picture can not be decoded: ${cause}`, { cause: error });
}
