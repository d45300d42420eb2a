/** An HTTP answer as the SDK's middleware sees it. */
export interface Response {
  statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  body?: ResponseBody;
}

type ResponseBody = Uint8Array | (AsyncIterable<Uint8Array> & { destroy?(): void });

/** Reads an answer's body as UTF-8 and leaves it to be read again by the SDK. */
export async function readText(response: Response): Promise<string> {
  if (response.body === undefined) return '';
  const bytes = await bytesOf(response.body);
  response.body = bytes;
  return new TextDecoder().decode(bytes);
}

/** Frees the connection of a body that nobody will read. */
export function discardBody({ body }: Response): void {
  if (body !== undefined && 'destroy' in body) body.destroy?.();
}

async function bytesOf(body: ResponseBody): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body;
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  const bytes = new Uint8Array(chunks.reduce((total, chunk) => total + chunk.length, 0));
  let start = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, start);
    start += chunk.length;
  }
  return bytes;
}
