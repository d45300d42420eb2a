/** Registers the features; nothing heavy is loaded before it is used. */
export function activate(): void {
  // Features register themselves here as they land.
}
