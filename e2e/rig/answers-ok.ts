import { get as getPlain } from 'node:http';
import { get as getSecure } from 'node:https';

/** Whether a health endpoint on loopback answers 200 now. Its certificate is its own, made seconds ago. */
export function answersOk(url: string): Promise<boolean> {
  const get = url.startsWith('https:') ? getSecure : getPlain;
  return new Promise((resolve) => {
    const sent = get(url, { rejectUnauthorized: false, timeout: 2_000, agent: false }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode === 200));
      response.on('error', () => resolve(false));
    });
    sent.on('timeout', () => sent.destroy());
    sent.on('error', () => resolve(false));
  });
}
