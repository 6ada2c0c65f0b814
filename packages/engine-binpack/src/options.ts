import { z } from 'zod';

/** What users may set; every field has a default. */
export const binpackOptions = z
  .strictObject({
    consolidate: z
      .enum(['empty', 'underutilized'])
      .default('underutilized')
      .describe(
        'empty removes only nodes without pods of their own; underutilized also drains nodes whose pods fit elsewhere.',
      ),
    replace: z
      .boolean()
      .default(true)
      .describe(
        'Whether nodes may be replaced by cheaper ones, launched before they are drained: one or several by one, several by several.',
      ),
    emit: z
      .enum(['actions', 'nodepools'])
      .default('actions')
      .describe(
        'How the plan is carried out: actions names each node to launch, drain and remove; nodepools changes NodePools and NodeOverlays for a while so that Karpenter does it, and leaves out what Karpenter would not do.',
      ),
    architectures: z
      .enum(['keep', 'as-scheduled'])
      .default('keep')
      .describe(
        'keep: new nodes have the architecture of those that go, since an image may have no other. as-scheduled: any that selectors, affinity and tolerations of the pods allow, as Karpenter does it; choose it where all images have several.',
      ),
    minScore: z
      .number()
      .min(0)
      .default(0)
      .describe(
        "Least score of a change, from 0: share of the pool's cost saved divided by share of the pool's disruption, as in Karpenter's Balanced policy (there 0.5). 0 takes every change that saves money.",
      ),
    maxReplacementOfferings: z
      .int()
      .min(1)
      .max(60)
      .default(8)
      .describe(
        'Most instance types listed for one launch, cheapest first; Policy.pricePremiumCap bounds their prices.',
      ),
    minNodeAgeSeconds: z
      .int()
      .min(0)
      .default(600)
      .describe(
        'Nodes younger than this are left alone, so that what was just launched is not at once replaced or removed. In seconds; 600 as in the Cluster Autoscaler (scale-down-delay-after-add).',
      ),
    effort: z
      .enum(['quick', 'full'])
      .default('full')
      .describe(
        'full looks for the cheapest plan; quick takes a third of the time or so: one order, mostly one proof, and nothing is tightened afterwards. Its plans are mostly up to 6 % dearer (of seventeen clusters one was 10 % and one 30 %) and are verified all the same.',
      ),
    lowerBound: z
      .boolean()
      .default(true)
      .describe(
        'Whether the plan carries a certificate of the least that any plan could cost, which checkLowerBound verifies. It makes the plan of a large cluster some 100 kB longer.',
      ),
    orders: z
      .int()
      .min(1)
      .max(5)
      .default(4)
      .describe(
        'How many orders of candidates are tried; the cheapest result is kept. More is slower and rarely dearer. Of 300 candidates, or 5,000 pods on them, three orders are tried at most, of 2,000 or 50,000 one.',
      ),
  })
  .describe('Options of the binpack engine.');

/** Options of the binpack engine, as parsed. */
export type BinpackOptions = z.output<typeof binpackOptions>;
