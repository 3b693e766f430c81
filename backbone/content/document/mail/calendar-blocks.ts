/** Invitations (RFC 5545) as short paragraphs: what, when, where and who. Pure; O(text). */
import type { Block } from '../../model.ts';

const MOST_LINES = 1000;
const LABELS: Readonly<Record<string, string>> = {
  SUMMARY: 'Event',
  DTSTART: 'Start',
  DTEND: 'End',
  LOCATION: 'Place',
  ORGANIZER: 'Organizer',
  DESCRIPTION: 'Description',
};
const PROPERTY = /^([A-Z]{5,11})(?:;((?:[^:"]|"[^"]*")*))?:(.*)$/s;

/** One paragraph an event or task; other components (time zones, alarms) are left out. */
export function calendarBlocks(text: string): readonly Block[] {
  const blocks: Block[] = [];
  const components: string[] = [];
  let facts: string[] = [];
  for (const line of unfolded(text)) {
    const [, name = '', parameters = '', value = ''] = PROPERTY.exec(line) ?? [];
    const label = LABELS[name];
    if (name === 'BEGIN') components.push(value.trim());
    else if (line.startsWith('END:')) {
      if (isEntry(components.pop()) && facts.length > 0) {
        blocks.push({ kind: 'paragraph', text: facts.join('\n'), locator: {} });
        facts = [];
      }
    } else if (label !== undefined && isEntry(components.at(-1))) {
      const shown = name.startsWith('DT') ? timeText(value) : personOrText(name, parameters, value);
      if (shown !== '') facts.push(`${label}: ${shown}`);
    }
  }
  return blocks;
}

function isEntry(component: string | undefined): boolean {
  return component === 'VEVENT' || component === 'VTODO';
}

function unfolded(text: string): readonly string[] {
  return text.replaceAll(/\r?\n[ \t]/g, '').split(/\r?\n/, MOST_LINES);
}

/** `20240501T093000Z` as `2024-05-01 09:30 UTC`. */
function timeText(value: string): string {
  const match = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d\d(Z)?)?/.exec(value);
  if (match === null) return '';
  const [, year = '', month = '', day = '', hour, minute = '', utc] = match;
  const time = hour === undefined ? '' : ` ${hour}:${minute}${utc === undefined ? '' : ' UTC'}`;
  return `${year}-${month}-${day}${time}`;
}

function personOrText(name: string, parameters: string, value: string): string {
  if (name !== 'ORGANIZER') return plainValue(value);
  const common = /(?:^|;)CN=("?)([^";:]{1,200})\1/i.exec(parameters)?.[2];
  return common ?? value.trim().replace(/^mailto:/i, '');
}

function plainValue(value: string): string {
  return value
    .replaceAll(/\\(.)/g, (_, character: string) => (/n/i.test(character) ? '\n' : character))
    .replaceAll(/\s*\n\s*/g, '\n')
    .trim();
}
