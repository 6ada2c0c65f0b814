import type { Verification } from '@cloudoptim/scheduling';
import type { KubernetesObject } from '../../rig/api-client.js';
import type { ClusterSpec } from '../cluster/cluster-spec.js';
import type { ActionResult } from '../execute/execution.js';
import type { Breach } from '../live/budget-watch.js';
import type { History } from '../live/history.js';
import type { LiveMoment, Observed } from '../live/observer.js';
import type { PlanCase } from '../plans/plan-case.js';

/** Everything that is known of one plan after it was executed; judgements are functions of this. */
export interface Evidence {
  readonly spec: ClusterSpec;
  readonly planCase: PlanCase;
  readonly verification: Verification;
  readonly before: LiveMoment & {
    /** Deployments, StatefulSets and quotas as the API server told them. */
    readonly objects: readonly KubernetesObject[];
  };
  readonly after: LiveMoment & { readonly atRest: boolean };
  readonly results: readonly ActionResult[];
  /** Names of launched nodes by the key of their launch. */
  readonly launched: ReadonlyMap<string, string>;
  readonly observed: Observed;
  readonly history: History;
  readonly breaches: readonly Breach[];
}
