import { UserError } from '../user-error.js';

/** A value written as JSON or YAML. Throws UserError with the file and the place of the mistake. */
export async function parseDocument(text: string, file: string): Promise<unknown> {
  if (/^\s*[[{]/.test(text)) {
    try {
      return JSON.parse(text) as unknown;
    } catch (error) {
      // `{a: 1}` is YAML; but a long document that is almost JSON deserves JSON's message.
      if (text.length > 100_000)
        throw new UserError(`${file} is not JSON: ${(error as Error).message}.`, { cause: error });
    }
  }
  const { parse } = await import('yaml');
  try {
    return parse(text, { maxAliasCount: 1000 }) as unknown;
  } catch (error) {
    const [first = ''] = (error as Error).message.split('\n', 1);
    throw new UserError(`${file} is neither JSON nor YAML: ${first.replace(/:$/, '')}.`, { cause: error });
  }
}
