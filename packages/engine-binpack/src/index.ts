/** The engine that packs pods onto fewer and cheaper nodes. */

export { BinpackEngine } from './binpack-engine.js';
export { type BoundEffort, lowerBound } from './bound/lower-bound.js';
export { type BinpackOptions, binpackOptions } from './options.js';
export { type PackOptions, packClasses } from './pack/pack-classes.js';
export type { Held, PackedNode, Packing } from './pack/packing.js';
export { pinToZones } from './pack/pin-to-zones.js';
