/** Policy documents are percent-encoded in answers (RFC 3986), as on AWS. */
export function encodeDocument(document: string): string {
  return encodeURIComponent(document).replace(
    /[!'()*]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** The size of a document as IAM's quotas count it: characters without white space. */
export function compactLength(document: string): number {
  return document.replace(/\s/g, '').length;
}
