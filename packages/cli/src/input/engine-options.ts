/** One `--option NAME=VALUE`: a value of JSON, or else the text itself. */
export type EngineOption = readonly [name: string, value: unknown];

/** Undefined when it is not written like that. */
export function parseEngineOption(text: string): EngineOption | undefined {
  const [, name, value] = /^([A-Za-z][A-Za-z0-9]*)=(.+)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) return undefined;
  try {
    return [name, JSON.parse(value)];
  } catch {
    return [name, value];
  }
}
