import type { Dice } from '../dice.js';
import type { Requirement, Selector, Texts } from '../kubernetes.js';
import * as words from './words.js';

/** Labels of pods. `rev` is what matchLabelKeys name, so no selector asks for it. */
export function podLabels(dice: Dice): Texts {
  const made: Texts = {};
  if (dice.chance(0.95)) made.app = dice.pick(words.apps);
  if (dice.chance(0.6)) made.tier = dice.pick(words.tiers);
  if (dice.chance(0.8)) made.rev = dice.pick(words.revisions);
  return made;
}

const podWords: Readonly<Record<string, readonly string[]>> = { app: words.apps, tier: words.tiers };
const namespaceWords: Readonly<Record<string, readonly string[]>> = { team: ['a', 'b'], env: ['prod', 'dev'] };

/** A selector of pods: by labels, by expressions, both, or empty (everything). */
export function podSelector(dice: Dice): Selector {
  if (dice.chance(0.05)) return {};
  if (dice.chance(0.45)) return { matchLabels: { app: dice.pick(words.apps) } };
  if (dice.chance(0.15)) return { matchLabels: { tier: dice.pick(words.tiers) } };
  const expressions = dice.some(Object.keys(podWords), 1, 2).map((key) => requirement(dice, key, podWords));
  return dice.chance(0.2)
    ? { matchLabels: { app: dice.pick(words.apps) }, matchExpressions: expressions.filter(({ key }) => key !== 'app') }
    : { matchExpressions: expressions };
}

export function namespaceSelector(dice: Dice): Selector {
  if (dice.chance(0.2)) return {};
  if (dice.chance(0.4)) return { matchLabels: { team: dice.pick(['a', 'b']) } };
  return { matchExpressions: [requirement(dice, dice.pick(['team', 'env']), namespaceWords)] };
}

function requirement(dice: Dice, key: string, vocabulary: Readonly<Record<string, readonly string[]>>): Requirement {
  const operator = dice.pick(['In', 'NotIn', 'Exists', 'DoesNotExist']);
  if (operator === 'Exists' || operator === 'DoesNotExist') return { key, operator };
  return { key, operator, values: dice.some(vocabulary[key] as readonly string[], 1, 2) };
}
