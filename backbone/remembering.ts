/**
 * The function with the answers to its last questions remembered: at most `most`, then all are forgotten
 * at once, which costs less to keep track of than which is the oldest. For pure functions of short texts.
 */
export function remembering<T>(answer: (text: string) => T, most: number): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const remembered = known.get(text);
    if (remembered !== undefined) return remembered;
    const made = answer(text);
    if (known.size >= most) known.clear();
    known.set(text, made);
    return made;
  };
}
