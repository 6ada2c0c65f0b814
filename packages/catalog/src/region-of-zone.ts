/**
 * The region of an ordinary availability zone: `us-east-1` for `us-east-1a`. Undefined for local and wavelength zones
 * (`us-west-2-lax-1a`), whose prices are not their region's, and for anything else.
 */
export function regionOfZone(zone: string): string | undefined {
  return /^([a-z]{2,3}(?:-[a-z]+)+-\d{1,2})[a-z]$/.exec(zone)?.[1];
}
