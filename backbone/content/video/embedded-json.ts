/** JSON that pages assign to a variable of a script. Pure. */

/** Between the name and its value: `window["name"] = {`, `var name = {`, `name = {`. */
const ASSIGNMENT = /^(?:["']\])?\s{0,10}=\s{0,10}\{/;
const MOST_PLACES = 50;

/** The first object that is assigned to the name; null when there is none that can be read. O(page). */
export function assignedObject(page: string, name: string): unknown {
  let at = page.indexOf(name);
  for (let place = 0; at >= 0 && place < MOST_PLACES; place += 1) {
    const after = at + name.length;
    const assignment = ASSIGNMENT.exec(page.slice(after, after + 40));
    if (assignment !== null) {
      const start = after + assignment[0].length - 1;
      const end = endOfObject(page, start);
      return end === null ? null : parsed(page.slice(start, end));
    }
    at = page.indexOf(name, after);
  }
  return null;
}

/** Just behind the brace that closes the one at `start`; null when none does. */
function endOfObject(page: string, start: number): number | null {
  let depth = 0;
  const sign = /["{}]/g;
  sign.lastIndex = start;
  for (let found = sign.exec(page); found !== null; found = sign.exec(page)) {
    if (found[0] === '"') {
      const end = endOfString(page, found.index + 1);
      if (end === null) return null;
      sign.lastIndex = end;
      continue;
    }
    depth += found[0] === '{' ? 1 : -1;
    if (depth === 0) return found.index + 1;
  }
  return null;
}

function endOfString(page: string, start: number): number | null {
  const sign = /[\\"]/g;
  sign.lastIndex = start;
  for (let found = sign.exec(page); found !== null; found = sign.exec(page)) {
    if (found[0] === '"') return found.index + 1;
    sign.lastIndex = found.index + 2;
  }
  return null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
