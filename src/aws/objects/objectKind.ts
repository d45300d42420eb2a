/** Whether an object may be a function's deployment package, by its key. */
export function looksLikeZip(key: string): boolean {
  return /\.zip$/i.test(key);
}

/** Whether the resize function may be able to read an object, by its key; HEIC it cannot decode. */
export function looksLikeImage(key: string): boolean {
  return /\.(jpe?g|png|webp|gif|avif|tiff?)$/i.test(key);
}
