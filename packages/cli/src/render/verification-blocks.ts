import type { Verification } from '@cloudoptim/scheduling';
import { type Block, type Text, toned } from './block.js';
import { counted } from './money.js';
import { subjectName } from './subjects.js';

const mostRefusals = 10;

/** Replays of a plan whose end is shown by argument, so that no adversarial one is made. */
const replaysWhereShown = 2;

/** The verdict in a line. */
export function verdictText({ verdict, refusals, unknowns, robustness, checked }: Verification): Text {
  const robust =
    robustness === undefined
      ? ''
      : checked.replays <= replaysWhereShown
        ? '; every pod is sure of a place, wherever the scheduler puts the others'
        : `; ${Math.floor(robustness * 100)} % of adversarial replays place every pod`;
  switch (verdict) {
    case 'verified':
      return [{ text: 'verified', tone: 'good' }, `: every rule holds in every state that the plan can reach${robust}`];
    case 'conditional':
      return [
        { text: 'conditional', tone: 'warn' },
        `: it holds only if ${counted(unknowns.length, 'unknown')} ${unknowns.length === 1 ? 'turns' : 'turn'} out well, see "Not known"${robust}`,
      ];
    case 'refused':
      return [{ text: 'refused', tone: 'bad' }, `: ${counted(refusals.length, 'rule')} would be broken, see "Refused"`];
  }
}

/** Why it is refused, and what would have to be known with the commands that tell. */
export function verificationBlocks({ refusals, unknowns }: Verification): Block[] {
  const blocks: Block[] = [];
  if (refusals.length > 0) {
    blocks.push({ kind: 'heading', text: 'Refused' });
    blocks.push({
      kind: 'list',
      items: refusals
        .slice(0, mostRefusals)
        .map(({ reason, subject, group }) => [
          { text: reason.code, tone: 'bad' },
          ` (${subjectName(subject)}${group === undefined ? '' : `, group ${group}`}): ${reason.message}`,
        ]),
    });
    if (refusals.length > mostRefusals) {
      blocks.push({
        kind: 'paragraph',
        text: toned('dim', `and ${refusals.length - mostRefusals} more; --output json has all`),
      });
    }
  }
  if (unknowns.length > 0) {
    blocks.push({ kind: 'heading', text: 'Not known' });
    blocks.push({
      kind: 'list',
      items: unknowns.map(({ reason }) => [{ text: reason.code, tone: 'warn' }, `: ${reason.message}`]),
    });
    blocks.push({ kind: 'paragraph', text: 'What would tell:' });
    blocks.push({ kind: 'commands', lines: [...new Set(unknowns.map(({ remedy }) => remedy))] });
    if (unknowns.some(({ reason }) => reason.code === 'node-group-limits-unknown')) {
      blocks.push({ kind: 'paragraph', text: 'Pass the limits of a node group with --node-group NAME=MIN:MAX.' });
    }
  }
  return blocks;
}
