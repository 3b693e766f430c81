import { AppError } from '../errors.ts';

/** How many status streams each key holds open. */
export interface StreamSlots {
  /** Takes a slot; call the answer, once or more, to give it back. @throws AppError too_many_streams */
  take(keyId: string): () => void;
}

export function createStreamSlots(limit: number): StreamSlots {
  const open = new Map<string, number>();
  return {
    take: (keyId) => {
      const held = open.get(keyId) ?? 0;
      if (held >= limit) throw new AppError('too_many_streams', { params: { limit } });
      open.set(keyId, held + 1);
      let given = true;
      return () => {
        if (!given) return;
        given = false;
        const left = (open.get(keyId) ?? 1) - 1;
        if (left === 0) open.delete(keyId);
        else open.set(keyId, left);
      };
    },
  };
}
