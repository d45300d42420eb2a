/** The canonical user id of the account; AWS's is 64 hex digits. */
export function ownerId({ accountId }: { readonly accountId: string }): string {
  return accountId.padStart(64, '0');
}
