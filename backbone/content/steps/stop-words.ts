/**
 * Words that carry grammar and no topic, for the languages most documents are in. Short lists on
 * purpose: a missing word costs a poor keyword, a wrong one loses a search term.
 */

const LISTS: Readonly<Record<string, string>> = {
  en: `a about above after again against all also am an and any are as at be because been before being below between both but by can cannot
    could did do does doing done down during each either else ever every few for from further get got had has have having he her here hers herself him himself his
    how however i if in into is it its itself just let like made make many may me might more most much must my myself neither no nor not now of off on
    once one only or other our ours ourselves out over own per rather said same say says she should since so some such than that the
    their theirs them themselves then there these they this those through thus to too two under until up upon us very via was we were what when
    where whether which while who whom whose why will with within without would yet you your yours yourself yourselves`,
  de: `aber alle allem allen aller alles als also am an ander andere anderem anderen anderer anderes auch auf aus bei beim bereits bin bis bist da dabei dadurch dafür
    damit danach dann das dass dazu dein deine deinem deinen deiner dem den denn der deren des dessen die dies diese diesem diesen dieser
    dieses doch dort du durch ein eine einem einen einer eines er es etwa etwas euch euer für gegen gibt hab habe haben hat hatte hatten hier hin
    hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im in indem ins ist ja jede jedem jeden jeder jedes jedoch jetzt kann kein keine keinem keinen keiner können
    konnte könnte machen man mehr mein meine meinem meinen meiner mich mir mit muss müssen nach nicht nichts noch nun nur ob oder ohne schon sehr sein seine seinem seinen
    seiner seit selbst sich sie sind so solche soll sollen sollte sondern sonst sowie über um und uns unser unsere unter viel vom von vor
    während war waren warum was weder weil weiter welche welcher wenn wer werde werden wie wieder will wir wird wo wollen worden wurde wurden würde würden zu zum zur zwar
    zwischen`,
  fr: `a ai aie ainsi alors après au aucun aucune aussi autre autres aux avait avant avec avoir ayant c ce ceci cela celle celles celui cependant ces cet cette ceux chaque ci comme
    comment contre d dans de depuis des donc dont du elle elles en encore entre est et étaient était étant été être eu eux fait faire font
    hors il ils j je jusqu l la là laquelle le lequel les lesquels leur leurs lors lui m ma mais me même mêmes mes moi moins mon n ne ni non nos notre nous on ont ou où
    par parce pas pendant peu peut plus pour pourquoi qu quand que quel quelle quelles quels qui quoi s sa sans se sera ses si sinon soit son sont sous sur
    t ta te tes toi ton tous tout toute toutes très tu un une vers voici voilà vos votre vous y`,
  es: `a al algo algunas alguno algunos ante antes aquel aquella así aún aunque cada como con contra cual cuales cuando cuyo de del desde donde durante e el él ella ellas
    ellos en entre era eran es esa esas ese eso esos esta está están estaba estar estas este esto estos fue fueron ha había habían haber hace hacia han
    has hasta hay la las le les lo los más me mediante mi mientras mis mismo mucho muchos muy nada ni no nos nosotros nuestra nuestro o os otra
    otras otro otros para pero poco por porque pues que qué quien quienes se sea según ser si sí sido sin sino sobre son su sus también tan
    tanto te tener tiene tienen todo todos tu tus un una unas uno unos usted y ya yo`,
  it: `a abbia abbiamo ad agli ai al alla alle allo allora altra altre altri altro anche ancora aveva avevano avere c che chi ci ciò coi col come con contro cui da dagli dai dal
    dalla dalle dallo degli dei del della delle dello dentro di dopo dove dunque e è ed era erano essere fa fare fra fu furono già gli ha hai hanno ho i il
    in infatti invece io l la le lei li lo loro lui ma me mentre mi mia mio molto ne né negli nei nel nella nelle nello noi non nostra nostro o
    ogni oppure per perché però più poi può prima qual quale quali quando quanto quella quelle quelli quello questa queste questi questo qui se sé senza si sia
    siamo sono sta stata stati stato su sua sue sugli sui sul sulla sulle sullo suo suoi tra tu tua tuo tutti tutto un una uno vi voi`,
  pt: `a à ainda além ao aos após aquela aquele aqueles aquilo as às até bem cada com como contra cujo da das de dela dele deles depois desde dessa desse
    desta deste do dos durante e é ela elas ele eles em embora enquanto entre era eram essa essas esse esses esta está estão estas este estes estava eu foi
    foram há isso isto já la lhe lo mais mas me mesmo meu minha muito na não nas nem nessa nesta neste no nos nós nossa nosso num numa o onde os ou outra outras
    outro outros para pela pelas pelo pelos pode podem por porque porém qual quais quando que quem se sem sempre ser será seu seus si sido sob sobre são só sua suas
    também tanto te tem têm tinha todo todos tu um uma umas uns você vocês`,
  nl: `aan al alle alleen als altijd ander andere anders ben bij binnen daar dan dat de deze die dit doch doen door dus een eens en er ging haar had hadden heb
    hebben heeft hem hen het hier hij hoe hun iemand iets ik in is ja je jij kan kon kunnen maar me meer men met mij mijn moet moeten na naar
    niet niets nog nu of om omdat onder ons ook op over reeds sinds te tegen ten ter tijdens toch toen tot tussen u uit uw van veel voor waar waren was wat
    we wel werd werden wie wij wil worden wordt zal ze zei zelf zich zij zijn zo zonder zou zouden zullen`,
  sv: `alla allt att av bara bli blir blev de dem den denna deras dess dessa det detta dig din dock du där då efter ej eller en er ett från för ha hade han hans har henne
    hennes hon honom hur här i icke in ingen inom inte jag ju kan kunde man med mellan men mig min mot mycket ni nu när någon något några och också om oss på
    sedan sig sin sina ska skulle som så sådan till under upp ut utan vad var vara varit vars vem vi vid vilka vilken är även över`,
  da: `af alle alt at blev blive bliver da de dem den denne der deres det dette dig din disse dog du efter eller en end er et for fra få får ham han hans har
    havde have hende hendes her hos hun hvad hvem hver hvis hvor hvordan i ikke ind jeg jo kan kun kunne man mange med meget men mig min mod
    mellem må ned nogen noget nogle nu når og også om op os over på samt selv sig sin sine skal skulle som så sådan til ud uden under var ved vi vil ville
    være været`,
  no: `alle alt at av bare ble bli blir da de dem den denne der deres det dette din disse du eller en enn er et etter for fra få får før ha hadde han hans har
    henne hennes her hun hva hvem hver hvis hvor hvordan i ikke inn jeg kan kun kunne man mange med meg meget mellom men min mot må mye ned noe noen nå når og
    også om opp oss over på seg selv sin sine skal skulle slik som så til ut uten under var ved vi vil ville være vært`,
  pl: `a aby ale ani aż bardzo bez bo by być był była było były będzie będą co czy dla do gdy gdzie go i ich ile im ja jak jako je jego jej jest jeszcze jeśli już każdy kiedy
    która które którego której który których którym którzy lub ma mi może mu na nad nas nie nim niż o od oraz po pod ponieważ przed przez przy są się
    sobie swoje ta tak także tam te tego tej ten też to tu tych tylko tym u w we więc wszystko z za ze że żeby`,
  ru: `а без более бы был была были было быть в вам вас ведь весь во вот все всё всего всех вы где да даже для до его ее её если есть еще ещё же за здесь и из
    или им их к как какой когда кто ли либо между меня мне может мы на над надо нам нас не него нее неё нет ни них но ну о об однако он она они оно от очень по под
    после потом при про с сам свой своей себя со так также такой там те тем то того тоже той только том ты у уже хотя чего чей чем что чтобы
    эта эти это этого этой этом этот эту я`,
};

const SETS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(LISTS).map(([language, list]) => [language, new Set(list.split(/\s+/))]),
);

/** Languages (ISO 639-1) that have a list. */
export const LISTED_LANGUAGES: readonly string[] = [...SETS.keys()];

const EVERY: ReadonlySet<string> = new Set([...SETS.values()].flatMap((words) => [...words]));

const NONE: ReadonlySet<string> = new Set();

const SAME: Readonly<Record<string, string>> = { nb: 'no', nn: 'no' };

/**
 * Lower-case stop words of a language (ISO 639-1). With null, those of all listed languages together,
 * for text whose language is unknown; a language without a list has none.
 */
export function stopWords(language: string | null): ReadonlySet<string> {
  if (language === null) return EVERY;
  return SETS.get(SAME[language] ?? language) ?? NONE;
}
