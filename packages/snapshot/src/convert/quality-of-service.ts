import type { PodTemplate } from '@cloudoptim/core';
import type { PodAmounts } from './pod-resources.js';
import type { NanoAmounts } from './quantities.js';

type QosClass = NonNullable<PodTemplate['qosClass']>;

/** What the API server wrote, else kubernetes pkg/apis/core/v1/helper/qos: only cpu and memory count. */
export function qualityOfService(amounts: PodAmounts, written: string | undefined): QosClass {
  if (written === 'Guaranteed' || written === 'Burstable' || written === 'BestEffort') return written;
  const { podRequests, podLimits, containers } = amounts;
  const podLevel = (podRequests?.size ?? 0) + (podLimits?.size ?? 0) > 0;
  const parts = podLevel
    ? [{ requests: podRequests ?? new Map(), limits: podLimits ?? new Map() }]
    : containers.map(({ requests, limits }) => ({ requests, limits }));
  if (parts.every(({ requests, limits }) => !asksForSome(requests) && !asksForSome(limits))) return 'BestEffort';
  return parts.every(isGuaranteed) ? 'Guaranteed' : 'Burstable';
}

const counted = ['cpu', 'memory'];

function asksForSome(amounts: NanoAmounts): boolean {
  return counted.some((name) => (amounts.get(name) ?? 0n) > 0n);
}

function isGuaranteed({ requests, limits }: { requests: NanoAmounts; limits: NanoAmounts }): boolean {
  return counted.every((name) => {
    const limit = limits.get(name) ?? 0n;
    return limit > 0n && requests.get(name) === limit;
  });
}
