import { z } from 'zod';
import { defaultPolicy as defaults, type Policy } from '../policy.js';
import { capacityTypeSchema } from './node.js';
import { amountSchema, intOrPercentSchema, nonNegativeSchema, shareSchema } from './primitives.js';
import { lazy, schemaOf } from './schema-of.js';
import { strictObject } from './strict-object.js';

/**
 * The policy as people write it: every field with a default, a unit and a sentence of help, which the JSON Schema carries
 * into editors and forms.
 */
export const policySchema = lazy(() =>
  schemaOf<Policy>()(
    strictObject({
      pins: pinsSchema(),
      optOuts: optOutsSchema(),
      namespaces: namespacesSchema(),
      disruptionBudgets: z
        .array(disruptionBudgetSchema())
        .default([...defaults.disruptionBudgets])
        .describe('Most nodes disrupted at once, as in the budgets of a NodePool; all of them hold.'),
      maxGroupsInFlight: z
        .int()
        .min(1)
        .default(defaults.maxGroupsInFlight)
        .describe('Most groups of actions under way at once, as a number of groups.'),
      maxDisruption: maxDisruptionSchema(),
      minSavings: minSavingsSchema(),
      minRobustness: share(
        'minRobustness',
        'Share of replays with adversarial choices that must end with every pod placed, from 0 to 1.',
      ),
      headroom: headroomSchema(),
      onDemandFloor: share(
        'onDemandFloor',
        "Least share of a workload's pods that stays on on-demand capacity, from 0 to 1.",
      ),
      pricePremiumCap: nonNegativeSchema()
        .default(defaults.pricePremiumCap)
        .describe('How much dearer than the cheapest choice a launch may be for diversity, as a share: 0.2 is 20 %.'),
      allowedOfferings: allowedOfferingsSchema(),
      preferences: z
        .enum(['respect', 'ignore'])
        .default(defaults.preferences)
        .describe('Whether preferred affinity and ScheduleAnyway bind (respect) or not (ignore).'),
      extensions: names(defaults.extensions, 'Names of extension actions that plans may contain, one owner/name each.'),
      freeze: yesOrNo(defaults.freeze, 'Stops everything: every candidate is rejected as frozen; true or false.'),
      drainDeadlineSeconds: z
        .number()
        .positive()
        .default(defaults.drainDeadlineSeconds)
        .describe('Most time that a drain may take, grace periods and readiness added up, in seconds.'),
      planValidSeconds: nonNegativeSchema()
        .default(defaults.planValidSeconds)
        .describe('How long a plan stays valid after it was made, in seconds.'),
    }),
  ),
);

const pinsSchema = lazy(() =>
  strictObject({
    barePods: yesOrNo(
      defaults.pins.barePods,
      'Pods without a controller pin: nothing brings them back; true or false.',
    ),
    jobs: yesOrNo(defaults.pins.jobs, 'Pods of a Job pin: an eviction throws their work away; true or false.'),
    hostPath: yesOrNo(
      defaults.pins.hostPath,
      'Pods with hostPath volumes pin, DaemonSet pods excepted; true or false.',
    ),
    emptyDir: yesOrNo(
      defaults.pins.emptyDir,
      'Pods with emptyDir volumes pin, as in Cluster Autoscaler; true or false.',
    ),
    singleReplica: yesOrNo(
      defaults.pins.singleReplica,
      'Workloads of one replica pin, unless the plan surges them first; true or false.',
    ),
  })
    .prefault({})
    .describe('Which pods pin their node, that is, keep it from being drained; true or false each.'),
);

const optOutsSchema = lazy(() =>
  strictObject({
    doNotDisrupt: yesOrNo(
      defaults.optOuts.doNotDisrupt,
      'Honour karpenter.sh/do-not-disrupt, true or a duration, on pods and nodes; true or false.',
    ),
    safeToEvict: yesOrNo(
      defaults.optOuts.safeToEvict,
      'Honour cluster-autoscaler.kubernetes.io/safe-to-evict: "false" on pods; true or false.',
    ),
    scaleDownDisabled: yesOrNo(
      defaults.optOuts.scaleDownDisabled,
      'Honour cluster-autoscaler.kubernetes.io/scale-down-disabled on nodes; true or false.',
    ),
    peers: yesOrNo(
      defaults.optOuts.peers,
      'Honour the opt-outs of the descheduler, Spot Ocean, Cast AI and Kilter; true or false.',
    ),
  })
    .prefault({})
    .describe('Opt-outs that people or other tools wrote on objects; true honours them.'),
);

const namespacesSchema = lazy(() =>
  strictObject({
    include: names(defaults.namespaces.include, 'Namespaces to act in, by name; an empty list means all.'),
    exclude: names(defaults.namespaces.exclude, 'Namespaces whose pods are never moved, by name.'),
  })
    .superRefine(({ include, exclude }, context) => {
      for (const name of include) {
        if (!exclude.includes(name)) continue;
        const message = `includes and excludes ${JSON.stringify(name)} at once; name it in one of the two lists`;
        context.addIssue({ code: 'custom', message, input: undefined });
      }
    })
    .prefault({})
    .describe('Where to act, by names of namespaces.'),
);

const disruptionBudgetSchema = lazy(() =>
  strictObject({
    nodes: intOrPercentSchema(),
    pool: z
      .string()
      .min(1)
      .describe('Only nodes of this NodePool or node group, by name; absent is all.')
      .exactOptional(),
  }).describe('nodes: the most at once, a number of nodes or a percentage of all such as "10%".'),
);

const maxDisruptionSchema = lazy(() =>
  strictObject({
    evictions: amountSchema()
      .nullable()
      .default(defaults.maxDisruption.evictions)
      .describe('Most pods that one plan evicts, as a number of pods; null is no limit.'),
    nodes: amountSchema()
      .nullable()
      .default(defaults.maxDisruption.nodes)
      .describe('Most nodes that one plan removes, as a number of nodes; null is no limit.'),
  })
    .prefault({})
    .describe('The most that one plan may disturb, as numbers of pods and of nodes.'),
);

const minSavingsSchema = lazy(() =>
  strictObject({
    usdPerHour: nonNegativeSchema()
      .default(defaults.minSavings.usdPerHour)
      .describe('Least that a whole plan must save, in USD per hour.'),
    usdPerHourPerEviction: nonNegativeSchema()
      .default(defaults.minSavings.usdPerHourPerEviction)
      .describe('Least that a group must save, in USD per hour for each pod it evicts.'),
  })
    .prefault({})
    .describe('Savings below which a disruption is not worth it, in USD per hour.'),
);

const headroomSchema = lazy(() =>
  strictObject({
    cpuShare: shareSchema()
      .default(defaults.headroom.cpuShare)
      .describe('CPU kept free in the whole cluster, as a share of allocatable from 0 to 1.'),
    memoryShare: shareSchema()
      .default(defaults.headroom.memoryShare)
      .describe('Memory kept free in the whole cluster, as a share of allocatable from 0 to 1.'),
  })
    .prefault({})
    .describe('Room kept free in the whole cluster, as shares of allocatable from 0 to 1.'),
);

const allowedOfferingsSchema = lazy(() =>
  strictObject({
    capacityTypes: z
      .array(capacityTypeSchema())
      .default([...defaults.allowedOfferings.capacityTypes])
      .describe('Capacity types that may be launched; an empty list means all.'),
    instanceTypes: names(
      defaults.allowedOfferings.instanceTypes,
      'Instance types that may be launched, by name or by family such as m7g.*; an empty list means all.',
    ),
    excludeInstanceTypes: names(
      defaults.allowedOfferings.excludeInstanceTypes,
      'Instance types that are never launched, by name or by family such as t3.*.',
    ),
    zones: names(
      defaults.allowedOfferings.zones,
      'Zones to launch in, by name such as us-east-1a; an empty list means all.',
    ),
    architectures: z
      .array(z.enum(['amd64', 'arm64']))
      .default([...defaults.allowedOfferings.architectures])
      .describe('Architectures that may be launched; an empty list means all.'),
  })
    .prefault({})
    .describe('What may be launched; an empty list restricts nothing.'),
);

function yesOrNo(value: boolean, help: string) {
  return z.boolean().default(value).describe(help);
}

function names(value: readonly string[], help: string) {
  return z
    .array(z.string().min(1))
    .default([...value])
    .describe(help);
}

function share(field: 'minRobustness' | 'onDemandFloor', help: string) {
  return shareSchema().default(defaults[field]).describe(help);
}
