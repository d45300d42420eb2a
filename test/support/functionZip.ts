import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';

/** The zip of a function whose handler is `index.handler`. */
export async function functionZip(source: string): Promise<Buffer> {
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from(source), 'index.js');
  zip.end();
  return await buffer(zip.outputStream);
}
