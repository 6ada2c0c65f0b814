/**
 * What a server plays. `--emulated-version` switches feature gates and nothing else: code without a gate, such as the words
 * about taints and a namespace selector's mistake since 1.34, stays as it was built.
 */
export interface PlayedVersion {
  /** Such as `1.36`: what the programs are. */
  readonly built: string;
  /** Such as `1.34`: whose gates they have; their own when it is not given. */
  readonly emulated?: string;
}

/** Gates that a filter asks about, as they are by default in the version that is played. */
export function gatesOf({ built, emulated = built }: PlayedVersion): Record<string, boolean> {
  const minor = Number(emulated.split('.')[1]);
  return { NodeDeclaredFeatures: minor >= 36 };
}
