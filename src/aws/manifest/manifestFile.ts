/** Whether a key is that of an S3 Inventory's manifest. Nothing here loads the AWS SDK. */
export function isInventoryManifest(key: string): boolean {
  return /(^|\/)manifest\.json$/.test(key);
}

/** Whether a batch job can take the object as its manifest, by its key: a CSV or an inventory's. */
export function looksLikeManifest(key: string): boolean {
  return /\.csv$/i.test(key) || isInventoryManifest(key);
}
