/** Slots of a block: 1 << 4. */
export const widthBits = 4;
export const width = 1 << widthBits;

/**
 * Numbers of a block: 1 << 6. All free millicores of its slots come first, then all bytes, then all shares, each where blocks and
 * stretches have the greatest of them. Of a slot mostly nothing but the share is read, and this way those of sixteen are two cache lines.
 */
export const freeBits = 6;
export const freeCpu = 0;
export const freeMemory = 1 << widthBits;
export const freeShare = 2 << widthBits;

/** Where the numbers of a slot stand, less what tells them apart. */
export function placeOf(slot: number): number {
  return ((slot >> widthBits) << freeBits) + (slot & (width - 1));
}
