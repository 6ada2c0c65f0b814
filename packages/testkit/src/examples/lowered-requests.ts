import {
  type ContainerResize,
  type ContainerUsage,
  percentile,
  type Reason,
  type ResourceAmounts,
} from '@cloudoptim/core';

/**
 * Requests as the Vertical Pod Autoscaler would set them, the 90th percentile of usage plus a margin, where that is less than
 * they are now. A reason where they may stay as they are, or where too little is known.
 */
export function loweredRequests(
  now: ResourceAmounts,
  entries: readonly ContainerUsage[],
  { margin, minDays }: { readonly margin: number; readonly minDays: number },
): Pick<ContainerResize, 'requests' | 'prior'> | Reason {
  const target: { -readonly [K in keyof ResourceAmounts]: ResourceAmounts[K] } = { ...now };
  for (const { resource, histogram, sinceMs, untilMs, outOfMemoryKills = 0 } of entries) {
    const used = percentile(histogram, 0.9);
    if (used === undefined || untilMs - sinceMs < minDays * 86_400_000 || outOfMemoryKills > 0) return tooLittleKnown;
    const wanted = Math.ceil(used * (1 + margin));
    // A tenth is not worth restarting pods for.
    if (wanted < now[resource] * 0.9) target[resource] = wanted;
  }
  const isSame = target.cpuMillicores === now.cpuMillicores && target.memoryBytes === now.memoryBytes;
  return isSame ? asItShould : { requests: target, prior: { requests: now } };
}

const asItShould: Reason = { code: 'requests-fit', message: 'Its requests are within a tenth of its needs, or below.' };
const tooLittleKnown: Reason = {
  code: 'not-enough-data',
  message: 'Its history is too short, empty or has out-of-memory kills.',
};
