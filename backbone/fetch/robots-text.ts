/** Rules kept of one robots.txt, and characters of those with a wildcard: matching takes time in their product with the path. */
const MAX_RULES = 5_000;
const MAX_WILDCARD_CHARS = 16 * 1024;
/** No address is longer, so no longer pattern can match one. */
const MAX_PATTERN_CHARS = 2_048;

/** Stands for every agent that is not us; its rules must not be mistaken for ours. */
const OTHER_AGENT = 'user-agent: -';
/** In the place of rules left out: without anything in between, the agents of two groups would become one group. */
const GROUP_END = 'crawl-delay: 0';

/**
 * Keeps of a robots.txt what concerns us: the groups of our product token and of `*`. The parser would store
 * every rule once for every agent named above it, which a hostile file makes a quadratic amount of memory; so
 * agents that are not us shrink to one line.
 * @param userAgent as sent; the part before the slash is looked for, in any case
 */
export function reduceRobotsText(text: string, userAgent: string): string {
  const token = productToken(userAgent);
  const budget = { rules: MAX_RULES, wildcardChars: MAX_WILDCARD_CHARS };
  const kept: string[] = [];
  const group = new Set<string>();
  let inAgents = false;
  // A byte order mark would hide the first agent.
  for (const line of text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/)) {
    const [name, value] = splitField(line);
    if (name === 'user-agent') {
      if (!inAgents) group.clear();
      inAgents = true;
      const agent = agentLine(value, token);
      if (!group.has(agent)) kept.push(agent);
      group.add(agent);
    } else if (name === 'allow' || name === 'disallow') {
      inAgents = false;
      const concerned = group.size > 1 || (group.size === 1 && !group.has(OTHER_AGENT));
      if (concerned && spend(budget, value)) kept.push(`${name}: ${value}`);
      else if (kept.at(-1) !== GROUP_END) kept.push(GROUP_END);
    }
  }
  return kept.join('\n');
}

function productToken(userAgent: string): string {
  return (userAgent.split('/', 1)[0] ?? '').trim().toLowerCase();
}

function agentLine(value: string, token: string): string {
  const agent = productToken(value);
  return agent === token || agent === '*' ? `user-agent: ${agent}` : OTHER_AGENT;
}

function splitField(line: string): readonly [string, string] {
  const content = line.split('#', 1)[0] ?? '';
  const colon = content.indexOf(':');
  if (colon < 0) return ['', ''];
  return [content.slice(0, colon).trim().toLowerCase(), content.slice(colon + 1).trim()];
}

function spend(budget: { rules: number; wildcardChars: number }, pattern: string): boolean {
  budget.rules -= 1;
  if (pattern.includes('*')) budget.wildcardChars -= pattern.length;
  return budget.rules >= 0 && budget.wildcardChars >= 0 && pattern.length <= MAX_PATTERN_CHARS;
}
