import type {
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';

type Stack = PutObjectCommand['middlewareStack'];

/**
 * A header as text. Node reads headers byte by byte, as Latin-1; what S3 keeps is UTF-8, and AWS
 * itself gives back ASCII only (RFC 2047).
 */
export function utf8Header(value: string | undefined): string | undefined {
  return value === undefined ? undefined : Buffer.from(value, 'latin1').toString('utf8');
}

/** Whether a header's bytes are UTF-8, so that they can be sent again as they are. */
export function isUtf8(value: string): boolean {
  return Buffer.from(utf8Header(value) ?? '', 'utf8').toString('latin1') === value;
}

/** All of them. */
export function utf8Headers(
  headers: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, utf8Header(value) ?? '']),
  );
}

/**
 * Makes a command send its headers as the UTF-8 that the SDK signs (it would send other bytes than it
 * signed), and `Expires` as it was stored, for the SDK takes only dates.
 */
export function sendVerbatim(
  command: PutObjectCommand | CopyObjectCommand | CreateMultipartUploadCommand,
  expires: string | undefined,
): void {
  // All take the same middleware: it sees the request, not the input.
  const stack = command.middlewareStack as Stack;
  stack.add(
    next => args => {
      const headers = headersOf(args.request);
      if (expires !== undefined) headers['expires'] = expires;
      return next(args);
    },
    { step: 'build', name: 'expiresAsStored' },
  );
  stack.add(
    next => args => {
      const headers = headersOf(args.request);
      for (const [name, value] of Object.entries(headers)) {
        headers[name] = Buffer.from(value, 'utf8').toString('latin1');
      }
      return next(args);
    },
    // After the request is signed.
    { step: 'finalizeRequest', priority: 'low', name: 'headersAsSigned' },
  );
}

function headersOf(request: unknown): Record<string, string> {
  return (request as { headers: Record<string, string> }).headers;
}
