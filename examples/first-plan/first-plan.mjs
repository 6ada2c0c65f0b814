import { onDemandMarket } from '@cloudoptim/catalog';
import { createContext, defaultPolicy } from '@cloudoptim/core';
import { BinpackEngine } from '@cloudoptim/engine-binpack';
import { verifyPlan } from '@cloudoptim/scheduling';
import { fromKubernetes, readDump } from '@cloudoptim/snapshot';

const { state } = await fromKubernetes(readDump(process.argv[2] ?? 'cluster.json'));
const zones = state.nodes.flatMap(({ zone }) => zone ?? []);
const market = onDemandMarket({ zones });

const now = state.takenAtMs;
const { plan } = await new BinpackEngine().analyze({ cluster: state, market }, createContext({ now, seed: 1 }));
const { verdict } = verifyPlan(state, market, defaultPolicy, plan, { now, seed: 1 });

console.log(
  `${plan.currentUsdPerHour} USD/h now, ${plan.savingsUsdPerHour.point} less after ${plan.groups.length} steps: ${verdict}`,
);
for (const { id, actions, savingsUsdPerHour } of plan.groups) {
  console.log(id, savingsUsdPerHour.point, actions.map(({ kind }) => kind).join(' → '), actions[0]?.reasons[0].message);
}
