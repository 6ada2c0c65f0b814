import type { Dice } from '../dice.js';
import type { Node, Taint, Texts } from '../kubernetes.js';
import * as words from './words.js';

/**
 * Nodes that differ in everything a filter looks at, at least so many. `prefix` keeps the names of one cluster apart from those
 * of the next.
 */
export function generateNodes(dice: Dice, prefix: string, least = 1): Node[] {
  const drawn = dice.chance(0.15) ? dice.int(1, 3) : dice.chance(0.2) ? dice.int(25, 40) : dice.int(5, 16);
  const count = Math.max(least, drawn);
  const zones = dice.some(words.zones, 1, 4);
  // Some clusters have no taints at all, or no cordons: other rules then decide.
  const tainted = dice.chance(0.8) ? 0.35 : 0;
  const cordoned = dice.chance(0.7) ? 0.12 : 0;
  return Array.from({ length: count }, (_, index) => {
    const name = `${prefix}-n${index}`;
    return {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name, labels: labels(dice, name, zones) },
      spec: {
        ...(dice.chance(tainted) ? { taints: taints(dice) } : {}),
        ...(dice.chance(cordoned) ? { unschedulable: true } : {}),
      },
      status: status(dice),
    };
  });
}

function labels(dice: Dice, name: string, zones: readonly string[]): Texts {
  const made: Texts = {};
  if (dice.chance(0.94)) made[words.hostname] = name;
  if (dice.chance(0.92)) {
    made[words.zone] = dice.pick(zones);
    made[words.region] = 'r';
  }
  if (dice.chance(0.8)) made.rack = dice.pick(words.racks);
  if (dice.chance(0.75)) made.disk = dice.pick(words.disks);
  if (dice.chance(0.75)) made.generation = dice.pick(words.generations);
  return made;
}

function taints(dice: Dice): Taint[] {
  const made = new Map<string, Taint>();
  for (let count = dice.int(1, 2); count > 0; count--) {
    const taint: Taint = { key: dice.pick(words.taintKeys), effect: dice.pick(words.effects) };
    const value = dice.pick(words.taintValues);
    if (value !== '') taint.value = value;
    made.set(`${taint.key}/${taint.effect}`, taint);
  }
  return [...made.values()];
}

function status(dice: Dice) {
  const allocatable: Texts = {
    cpu: dice.pick(['1', '1500m', '2', '3', '4', '8']),
    memory: dice.pick(['1Gi', '2Gi', '3000M', '4Gi', '8Gi', '16Gi']),
    'ephemeral-storage': dice.pick(['1Gi', '5Gi', '20Gi']),
    pods: dice.chance(0.25) ? String(dice.int(1, 6)) : '110',
  };
  if (dice.chance(0.4)) allocatable[words.extended] = String(dice.int(0, 4));
  if (dice.chance(0.3)) allocatable[words.otherExtended] = String(dice.int(1, 2));
  if (dice.chance(0.4)) allocatable[words.hugepages] = dice.pick(['0', '64Mi', '256Mi']);
  return {
    allocatable,
    capacity: allocatable,
    conditions: [{ type: 'Ready', status: dice.chance(0.95) ? 'True' : 'False' }],
  };
}
