/** One page of a list. The SDK has no paginators for API Gateway. */
interface Page<Item> {
  readonly Items?: readonly Item[];
  readonly NextToken?: string;
}

/** @param read returns the page after a token, or the first one. @returns the items of all pages. */
export async function everyItem<Item>(
  read: (NextToken?: string) => Promise<Page<Item>>,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  let token: string | undefined;
  do {
    const page = await read(token);
    items.push(...(page.Items ?? []));
    token = page.NextToken;
  } while (token !== undefined);
  return items;
}
