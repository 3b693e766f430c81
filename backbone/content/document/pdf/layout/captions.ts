const LABEL =
  /^(?:fig(?:ure)?s?|table|tab|scheme|listing|algorithm|abbildung|abb|tabelle|figura|cuadro|tabla|tableau|tabela|grafico|rysunek|chart|plate|\u8868|\u56fe)\.?\s*[A-Z]?\.?\d{1,3}(?:[.-]\d{1,3}){0,3}[a-z]?(?:\s*[:.\u2013\u2014|-]|\s|$)/i;

/** Whether a line begins as the caption of a figure or table does ("Figure 3: ...", "Abb. 1.2 ..."). */
export function startsCaption(text: string): boolean {
  const match = LABEL.exec(text.slice(0, 60));
  if (match === null) return false;
  return /[:.\u2013\u2014|-]$/.test(match[0]) || /^(?:\p{Lu}|$)/u.test(text.slice(match[0].length));
}
