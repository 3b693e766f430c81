/**
 * Pages that sites show in place of their content. Title, length, phrases, forms and scripts are judged
 * together: a wrong alarm loses a page for good, so every rule asks for two signs at least, and long
 * texts or declared articles pass. Pure.
 */
import type { ErrorCode } from '../../error-table.ts';

export interface PageSigns {
  readonly title: string;
  readonly headings: readonly string[];
  /** All visible text of the page; the first 5,000 characters are enough. */
  readonly text: string;
  /** Length of all visible text. */
  readonly textLength: number;
  /** Length of the visible text outside of elements named after cookies, consent, dialogs and the like. */
  readonly lengthOutsidePrompts: number;
  /** Labels of buttons and links that look like buttons. */
  readonly buttons: readonly string[];
  /** The page declares itself an article, or holds an `article` element with text. */
  readonly isArticle: boolean;
  readonly hasPasswordField: boolean;
  readonly hasMailField: boolean;
  /** Markup of a known robot check. */
  readonly hasChallenge: boolean;
  readonly scriptCount: number;
  /** An empty element that scripts fill, such as `<div id="root">`. */
  readonly hasEmptyMount: boolean;
  /** Text within `noscript`. */
  readonly noscript: string;
}

export type BlockedPage = Extract<
  ErrorCode,
  'page_needs_login' | 'page_is_captcha' | 'page_is_cookie_wall' | 'page_not_found' | 'page_needs_scripts'
>;

const ROBOT =
  /just a moment|attention required|pardon our interruption|robot check|are you (?:a )?(?:robot|human)|(?:verify|verifying|confirm|prove) (?:that )?you(?:’|')?(?: a)?re (?:a )?(?:human|not a robot)|checking (?:if the site connection is secure|your browser)|unusual (?:traffic|activity)|security (?:check|verification)|not a (?:ro)?bot\b|bot (?:detection|protection)|ddos[- ]protection|complete the captcha|solve the captcha|press (?:and|&) hold|kein roboter|(?:sind sie|bist du) ein (?:mensch|roboter)|sicherheitsüberprüfung|pas un robot|êtes humain|vérification de sécurité|eres un robot|eres humano|non sono un robot|verifica di sicurezza|nie jesteś robotem|não é um robô|geen robot|не робот/i;
const LOGIN =
  /\b(?:log ?in|sign ?in|log on|member login|authentication required|anmelden|anmeldung|einloggen|se connecter|connexion|identifiez-vous|iniciar sesión|inicia sesión|accedi|accesso|zaloguj(?: się)?|logowanie|inloggen|aanmelden|logga in|log ind|entrar|iniciar sessão|přihlášení|bejelentkezés|войти|вход|авторизация)(?![\p{L}])/iu;
const NOT_FOUND =
  /\b404\b|(?:page|site|article|document|file|content)(?: was| is| you requested| could)? ?(?:not|cannot be|could not be|no longer) ?(?:be )?(?:found|available|exists?)|page (?:does ?n[o’']t|no longer) exists?|(?:seite|artikel|dokument)(?: \w+){0,3} (?:nicht (?:gefunden|vorhanden|verfügbar)|existiert nicht)|page (?:introuvable|non trouvée|n'existe)|página no (?:encontrada|existe)|página não encontrada|pagina non trovata|pagina niet gevonden|nie znaleziono strony|strona nie (?:istnieje|została znaleziona)|sidan (?:kunde inte hittas|hittades inte)|страница не найдена/i;
const CONSENT_WORD =
  /cookies?\b|consent|privacy|tracking|personal data|personali[sz]ed|advertis|partners?\b|datenschutz|einwilligung|zustimm|werbung|personenbezogen|confidentialité|consentement|traceurs|privacidad|consentimiento|riservatezza|consenso|prywatno|zgod|toestemming|privacidade/gi;
const ACCEPT =
  /^(?:i )?(?:accept|agree|allow|consent|continue|ok,? |got it)|accept(?: all|er)?|agree|(?:alle |allem )?(?:akzeptieren|zustimmen|erlauben)|einverstanden|tout accepter|j'accepte|aceptar|accetta|akceptuj|zgadzam|accepteren|akkoord|aceitar|принять|согласен/i;
const SCRIPTS_NEEDED =
  /(?:enable|activate|turn on|requires?|need|without|disabled|allow|run) (?:\w+ ){0,3}javascript|javascript (?:\w+ ){0,5}(?:enabled?|required|disabled|must|to run|activated?|aktivier\w*|nécessaire|erforderlich)|aktivieren sie (?:\w+ )?javascript|activer javascript|habilit\w+ javascript|abilita\w* javascript|włącz\w* (?:\w+ )?javascript/i;

/** The code of the error to end with, or null for a page that holds content. */
export function blockedPage(signs: PageSigns): BlockedPage | null {
  if (isCaptcha(signs)) return 'page_is_captcha';
  if (isNotFound(signs)) return 'page_not_found';
  if (isLogin(signs)) return 'page_needs_login';
  if (isCookieWall(signs)) return 'page_is_cookie_wall';
  return isAppShell(signs) ? 'page_needs_scripts' : null;
}

function isCaptcha({ title, text, textLength, hasChallenge, isArticle }: PageSigns): boolean {
  if (textLength > 1500 || isArticle) return false;
  const inTitle = ROBOT.test(title);
  const inText = ROBOT.test(text);
  if (hasChallenge) return inTitle || (inText && textLength < 1000) || textLength < 100;
  return inTitle && inText && textLength < 1000;
}

function isNotFound({ title, headings, text, textLength, isArticle }: PageSigns): boolean {
  if (textLength > 4000 || isArticle) return false;
  const inTitle = NOT_FOUND.test(title);
  const inHeading = headings.some((heading) => heading.length < 120 && NOT_FOUND.test(heading));
  if (inTitle && inHeading) return true;
  return (inTitle || inHeading) && textLength < 1500 && NOT_FOUND.test(text);
}

function isLogin(signs: PageSigns): boolean {
  if (signs.textLength > 1500 || signs.isArticle) return false;
  const named =
    LOGIN.test(signs.title) || signs.headings.some((text) => text.length < 80 && LOGIN.test(text));
  if (!named) return false;
  return signs.hasPasswordField || (signs.hasMailField && signs.textLength < 600);
}

function isCookieWall({ text, textLength, lengthOutsidePrompts, buttons, isArticle }: PageSigns): boolean {
  if (isArticle || textLength === 0 || lengthOutsidePrompts > 1500) return false;
  if (!buttons.some((label) => label.length < 60 && ACCEPT.test(label))) return false;
  const words = text.match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
  const mentions = text.match(CONSENT_WORD)?.length ?? 0;
  return mentions >= 3 && mentions / words >= 0.03;
}

function isAppShell(signs: PageSigns): boolean {
  if (signs.scriptCount === 0 || signs.textLength > 400) return false;
  const asks = SCRIPTS_NEEDED.test(signs.noscript) || SCRIPTS_NEEDED.test(signs.text);
  if (signs.hasEmptyMount) return signs.textLength < 200 || asks;
  return (asks && signs.textLength < 250) || (signs.textLength < 20 && signs.scriptCount >= 2);
}
