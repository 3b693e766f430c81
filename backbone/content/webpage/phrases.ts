/** Words that stand around articles, in the languages most pages are written in. Tried on short texts only. */

/** Headings and lines after which an article has ended. */
export const TAIL =
  /^(?:related|see also|read (?:more|next|also)|more (?:from|stories|news|on|in|articles|posts)|you (?:may|might) (?:also )?(?:like|enjoy)|recommended|recent (?:posts|articles|comments)|latest (?:posts|news|articles)|popular|trending|most (?:read|popular|viewed)|(?:\d+ )?(?:comments?|replies|responses|thoughts on)|leave a (?:reply|comment)|post a comment|about the authors?|share this|tags?:?$|das könnte|mehr (?:zum|aus|von|zu)|ähnliche|verwandte|lesen sie auch|auch interessant|weitere (?:artikel|beiträge|themen|nachrichten)|neueste|beliebte|meistgelesen|(?:\d+ )?kommentare?|kommentar (?:schreiben|hinterlassen)|schreibe? (?:einen|uns)|über den autor|articles? (?:liés|similaires|récents)|à lire aussi|lire aussi|sur le même|(?:\d+ )?commentaires?|laisser un commentaire|artículos relacionados|te puede interesar|también te|comentarios|deja un|leggi anche|articoli correlati|commenti|zobacz (?:też|także|również)|czytaj (?:też|także|również|więcej)|powiązane|polecane|komentarze|dodaj komentarz|lees ook|gerelateerd|reacties|leia (?:também|mais)|veja também|ver também|читайте|комментари|похожие|смотрите также)/i;

/** Short texts that belong to the page and not to its content. */
export const BOILERPLATE =
  /\b(?:share (?:on|this|via|with)|tweet|facebook|whatsapp|pinterest|linkedin|follow us|subscribe|newsletter|sign up|sign in|log ?in|cookies?|copyright|all rights reserved|read more|continue reading|click here|advertis\w+|sponsored|privacy policy|terms of (?:use|service)|posted (?:in|by|on)|filed under|tagged|published (?:on|by|in)|print this|min(?:ute)? read|jump to|skip to|back to top|previous|next (?:post|article)|anzeige|werbung|teilen|drucken|weiterlesen|abonnieren|anmelden|registrieren|datenschutz\w*|impressum|alle rechte|kommentieren|merken|folgen sie|partager|imprimer|s'abonner|lire la suite|publicité|mentions légales|tous droits|compartir|suscríb\w+|publicidad|condividi|pubblicità|udostępnij|reklama|zaloguj|delen|advertentie|compartilh\w+)\b|©|&copy;/i;

/** Calls to follow somebody elsewhere, often with addresses after them. */
const FOLLOW = /^(?:follow|like) [^.!?\n]{1,60} on (?:twitter|facebook|instagram|youtube|linkedin|tiktok)\b/i;

/** Whether the text opens what comes after an article. */
export function isTail(text: string): boolean {
  return text.length <= 80 && TAIL.test(text);
}

export function isBoilerplate(text: string): boolean {
  return (text.length <= 200 && BOILERPLATE.test(text)) || (text.length <= 400 && FOLLOW.test(text));
}
