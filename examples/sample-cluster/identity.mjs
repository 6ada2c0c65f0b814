/** Names and ids that look like Kubernetes' own and come out the same on every run: hashes of what they name. */

const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

/** `length` characters of the alphabet that Kubernetes draws its random suffixes from. */
export function suffix(text, length) {
  let state = hash(text);
  let result = '';
  for (let i = 0; i < length; i++) {
    result += alphabet[state % alphabet.length];
    state = hash(`${state}/${i}`);
  }
  return result;
}

export function uid(text) {
  const hex = [0, 1, 2, 3].map((part) => hash(`${part}/${text}`).toString(16).padStart(8, '0'));
  const all = hex.join('');
  return `${all.slice(0, 8)}-${all.slice(8, 12)}-4${all.slice(13, 16)}-9${all.slice(17, 20)}-${all.slice(20, 32)}`;
}

/** FNV-1a with a final mix, 32 bits unsigned: no seed, no clock. */
export function hash(text) {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x45d9f3b);
  return (value ^ (value >>> 15)) >>> 0;
}
