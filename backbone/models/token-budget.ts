import type { Database } from '../stores/records/record-store.ts';

export interface TokenBudgetOptions {
  readonly records: Database;
  /** Of all tenants together, from midnight to midnight (UTC). */
  readonly dailyTokens: number;
  /** A reservation this old belongs to nobody: its process was killed. More than the longest request takes. */
  readonly lostAfterMs: number;
  readonly now: () => Date;
  readonly newId: () => string;
}

export interface Reservation {
  readonly id: string;
  /** ISO date: its tokens count for the day it was made. */
  readonly day: string;
  readonly tokens: number;
}

/**
 * The tokens of a day. What a request may use at most is put aside before it is sent, so requests that run at once
 * never use more than there is; what it did use is booked afterwards.
 */
export class TokenBudget {
  readonly #options: TokenBudgetOptions;

  constructor(options: TokenBudgetOptions) {
    this.#options = options;
  }

  /** Null when the day has not so many left. */
  async reserve(tokens: number): Promise<Reservation | null> {
    const { records, dailyTokens, lostAfterMs, now, newId } = this.#options;
    const at = now();
    const reservation = { id: newId(), day: at.toISOString().slice(0, 10), tokens };
    return records.transaction(async (sql) => {
      // Locks the day: whoever comes at the same time counts after this one's reservation is there.
      await sql.query(
        'INSERT INTO llm_days AS d (day, used) VALUES ($1, 0) ON CONFLICT (day) DO UPDATE SET used = d.used',
        [reservation.day],
      );
      await sql.query('DELETE FROM llm_reservations WHERE reserved_at < $1', [
        new Date(at.getTime() - lostAfterMs),
      ]);
      const made = await sql.query(
        `INSERT INTO llm_reservations (reservation_id, day, tokens, reserved_at)
         SELECT $1, d.day, $3::bigint, $4 FROM llm_days d
          WHERE d.day = $2 AND d.used + $3::bigint
                + COALESCE((SELECT sum(r.tokens) FROM llm_reservations r WHERE r.day = d.day), 0) <= $5::bigint
         RETURNING reservation_id`,
        [reservation.id, reservation.day, tokens, at, dailyTokens],
      );
      return made.length === 1 ? reservation : null;
    });
  }

  /** Books what was used, also when the reservation was given back meanwhile. */
  async settle({ id, day }: Reservation, used: number): Promise<void> {
    await this.#options.records.transaction(async (sql) => {
      // The day first, as `reserve` does: so no two wait for each other.
      await sql.query('UPDATE llm_days SET used = used + $2::bigint WHERE day = $1', [day, used]);
      await sql.query('DELETE FROM llm_reservations WHERE reservation_id = $1', [id]);
    });
  }
}
