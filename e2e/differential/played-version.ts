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

/** Gates that bear on what we ask, as they are by default in the version that is played. */
export function gatesOf({ built, emulated = built }: PlayedVersion) {
  const minor = Number(emulated.split('.')[1]);
  return { PodLevelResources: minor >= 34, NodeDeclaredFeatures: minor >= 36 };
}

/** Of a server that says it is `v1.36.3`, and was perhaps told to play an older one. */
export function playedVersion(gitVersion: string, emulated: string | undefined): PlayedVersion {
  const match = /^v(\d+\.\d+)\./.exec(gitVersion);
  if (match === null) throw new Error(`The API server says that it is ${gitVersion}.`);
  return { built: match[1] as string, ...(emulated === undefined ? {} : { emulated }) };
}
