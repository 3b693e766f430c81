/** Primary languages of Windows' locale numbers, which old books have instead of a tag (Microsoft, MS-LCID). */
const BY_CODE: readonly string[] = (
  '- ar bg ca zh cs da de el en es fi fr he hu is it ja ko nl no pl pt rm ro ru hr sk sq sv th tr ur id uk be sl et ' +
  'lv lt tg fa vi hy az eu hsb mk st ts tn ve xh zu af ka fo hi mt se ga yi ms kk ky sw tk uz tt bn pa gu or ta te ' +
  'kn ml as mr sa mn bo cy km lo my gl kok'
).split(' ');

/** Null for numbers that stand for none. */
export function languageOf(code: number): string | null {
  const language = code === 0 ? undefined : BY_CODE[code];
  return language ?? null;
}
