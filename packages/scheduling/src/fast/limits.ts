/** From where on another way of looking is quicker. Every setting gives the same answers. */
export interface Limits {
  /** Domains of a topology key that are looked at one by one, and by which nodes are grouped. */
  readonly domains: number;
  /** Values of a label by which nodes are grouped. */
  readonly values: number;
  /** Domains holding a pod that are walked through instead of asking the blocks of nodes. */
  readonly listed: number;
  /** Stretches of blocks without a node that are kept for nodes of their group to come back. */
  readonly vacant: number;
  /** Nodes that changed and are looked at one by one, while changes are being taken back, instead of telling the blocks. */
  readonly untold: number;
  /** Best nodes for a size of pods that are remembered, and after how many questions they are. */
  readonly shortlist: number;
  readonly asked: number;
}

export const usualLimits: Limits = {
  domains: 32,
  values: 256,
  listed: 64,
  vacant: 64,
  untold: 64,
  shortlist: 64,
  asked: 4,
};
