import { Fault, permanent } from './fault.ts';

/**
 * Damage to the pixels themselves, which libjpeg reports as a mere warning: an image with a grey lower half
 * is not what anybody wants resized. libjpeg's texts are in its jerror.h. What a decoder that lost its way
 * leaves over are many bytes, or some before a marker that stands within or ends the data (d0 to d9).
 */
const DAMAGE =
  /premature end|bad (Huffman|arithmetic) code|instead of RST|Inconsistent progression|\d{3} extraneous bytes|extraneous bytes before marker 0xd\d/i;

/**
 * Whether a strict decoder may have stopped at something that browsers pass over: a parameter that a
 * phone writes wrongly, junk before a marker, a tag of an unknown type.
 *
 * @param error what sharp threw
 */
export function mayBeHarmless(error: unknown): boolean {
  if (error instanceof Fault || !(error instanceof Error)) return false;
  return !/^timeout: |exceeds pixel limit/i.test(error.message) && !DAMAGE.test(error.message);
}

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
  if (/^timeout: /.test(text)) return tooSlow(cause, { cause: error });
  return permanent('CorruptImage', `The image cannot be decoded: ${cause}`, { cause: error });
}

/** The function may not run as long as the image takes. */
export function tooSlow(reason: string, options?: ErrorOptions): Fault {
  return new Fault(
    'transient',
    'TooSlow',
    `The image takes longer than the function may run (${reason}): ` +
      'give it more time or more memory, which also gives it more CPU',
    options,
  );
}
