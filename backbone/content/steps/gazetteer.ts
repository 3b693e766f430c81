/**
 * Words that tell what a name names. Short lists of the most frequent: context rules and the
 * document's own metadata find the rest. All but acronyms in lower case; matching ignores case.
 */

const words = (list: string): ReadonlySet<string> => new Set(list.trim().split(/\s+/));
const names = (list: string): ReadonlySet<string> => new Set(list.trim().split(/\s*[,\n]\s*/));

/** Words before a name that make it a person's. */
export const PERSON_TITLES = words(`
  mr mrs ms miss dr prof professor president chancellor minister senator governor mayor judge justice king queen prince princess pope saint
  st sir lord lady captain general colonel major sergeant admiral rev reverend father sister chairman chairwoman chairperson secretary ambassador
  congressman congresswoman representative director ceo coach detective inspector officer herr frau präsident präsidentin kanzler kanzlerin
  bundeskanzler bundeskanzlerin ministerin bürgermeister monsieur madame mme mlle président présidente ministre señor señora presidente presidenta
  signor signora professore professoressa ministro senhor senhora meneer mevrouw premier author editor actor actress singer writer physicist
  philosopher economist historian lt gov sen rep gen col capt sgt composer painter poet architect engineer founder`);

/** Common given names over several languages: a run that begins with one is a person. */
export const GIVEN_NAMES = words(`
  aaron abdul abraham adam adrian ahmed aisha alan albert alberto alejandro alessandro alex alexander alexandra alfred ali alice alicia alison amanda
  amir amy ana anders andré andrea andreas andrew andrzej angela anita ann anna anne annette anthony antoine anton antonio arthur arturo astrid barack barbara
  beatrice ben benjamin bernard bernd beth bettina bill birgit björn bob boris brandon brenda brian bruno camille carl carla carlo carlos carmen carol caroline
  catherine cecilia charles charlotte cheng chloe chris christian christina christine christoph christopher claire clara claude claudia colin craig
  cristina daniel daniela dave david deborah denis dennis diana diane diego dieter dietmar dmitri donald dorothy douglas edgar edith eduardo edward eleanor elena elisabeth elizabeth ellen
  elon emil emily emma emmanuel enrique eric erik ernest ernst esther eugene eva evelyn fatima federico felix fernando florence florian frances francesca francesco francis francisco
  franck françois frank franz fred frederick friedrich fritz gabriel gareth gary george georg georges gerald gerard gerhard giorgio giovanni giulia giuseppe gloria gordon
  grace graham greg gregory guido guillaume gustav guy hannah hans harold harriet harry hassan heather hector heidi heike heinrich heinz helen helena helga helmut henri henrik
  henry herbert hermann hillary hiroshi hugh hugo ian ibrahim igor ingrid irene isaac isabel isabella ivan jack jacob jacques jake james jan jane janet jason javier jean jeff
  jeffrey jennifer jens jeremy jessica jesús jill jim joan joanna joe johan johann johanna john jon jonas jonathan jorge josé josef joseph joshua joyce juan judith
  julia julian julie jürgen justin karen karin karl karsten kate katharina katherine kathleen kathryn katie kazuo keith kelly ken kenji kenneth kevin khalid kim klaus
  kristin kurt lars laura lauren laurent lea leo leon leonard leonardo lewis liam lilly linda lisa liu lorenzo louis louise luca lucas lucia lucy luis luigi luke
  magdalena manfred manuel marc marcel marco marcus margaret maria marie marion mark markus marta martha martin martina mary massimo matteo matthew matthias maurice
  max megan mei melanie melissa michael michel michelle miguel mikhail mohamed mohammed monica monika muhammad nancy natalia natalie nathan neil nelson nicholas nick nicolas nicole nigel nikolai
  nina noah nora norbert norman olaf olga oliver olivia oscar oskar otto pablo paolo pascal patricia patrick paul paula pauline pedro peggy peter petra philip philippe pierre
  rachel rafael rainer ralf ralph raymond rebecca renate ricardo richard rita robert roberta roberto robin roger roland ronald rosa rose roy ruth ryan samuel sandra
  sara sarah scott sean sebastian sergei sergio sharon sheila silvia simon simone sofia sonia sophia sophie stefan stefano stephanie stephen steve steven stuart
  susan susanne sven sylvia takashi tatiana ted teresa terry theodor theresa thomas tim timothy tina tobias todd tom tommaso tony torsten ulrich ulrike ursula ute valentina
  valerie vanessa vera victor victoria vikram vincent vincenzo virginia vladimir volker walter wang wayne wei wendy werner wilhelm william wolfgang xavier yuki yusuf yves zhang`);

/** Words inside or at the end of a name that make it an organisation's. */
export const ORGANIZATION_WORDS = words(`
  inc incorporated ltd limited llc llp plc corp corporation company co gmbh ag kg se sarl sas spa srl bv nv oy ab asa holding holdings group gruppe groupe gruppo bank bancorp
  university universität université universidad università universidade college school institute institut institution academy akademie académie laboratory laboratories
  hospital clinic ministry ministerium ministère ministerio department agency agentur agence bureau office administration authority commission commissione kommission council
  committee court tribunal parliament parlament senate congress assembly party partei parti partido partito union association verband verein foundation stiftung fondation fundación
  society federation confederation league club team orchestra museum church press publishing publishers news times post journal herald tribune guardian telegraph magazine
  systems technologies technology software industries motors airlines airways pharmaceuticals partners consulting capital ventures entertainment studios records
  network army navy force forces police service services trust fund organization organisation alliance coalition consortium project initiative programme`);

/** Words of a name that make it a place's. */
export const PLACE_WORDS = words(`
  river lake mount mountain mountains street avenue road boulevard square county city town village island islands valley bay sea ocean desert forest
  coast cape peninsula canal bridge airport station province district region kingdom republic states emirates straße strasse platz allee see gebirge insel rue
  plaza calle via piazza beach harbor harbour hills falls canyon gulf strait`);

/** Countries, regions and large cities. */
export const PLACES = names(`
  afghanistan, africa, albania, algeria, america, amsterdam, ankara, antarctica, argentina, arizona, arkansas, asia, athens, atlanta, australia, austria, baghdad, bangkok,
  bangladesh, barcelona, basel, bavaria, bayern, beijing, beirut, belgien, belgium, berlin, bern, birmingham, bolivia, bombay, bonn, bordeaux, bosnia, boston, brasil,
  brazil, bremen, britain, brooklyn, brussels, brüssel, bucharest, budapest, buenos aires, bulgaria, cairo, california, cambodia, cambridge, cameroon, canada, cape town, caracas, chicago,
  chile, china, cologne, colombia, colorado, congo, connecticut, copenhagen, costa rica, croatia, cuba, cyprus, czech republic, dallas, damascus, delhi, denmark, denver, detroit, deutschland, dresden,
  dubai, dublin, düsseldorf, ecuador, edinburgh, egypt, england, españa, estonia, ethiopia, europa, europe, finland, florence, florida, france, frankfurt, frankreich, gaza, geneva, genf,
  germany, ghana, glasgow, greece, greenland, griechenland, großbritannien, guatemala, haiti, hamburg, hanoi, hawaii, helsinki, hong kong, houston, hungary, iceland, idaho, illinois, india,
  indiana, indonesia, iowa, iran, iraq, ireland, israel, istanbul, italia, italien, italy, jakarta, jamaica, japan, jerusalem, johannesburg, jordan, kansas, karachi, kenya, kentucky, kiev, kyiv, korea, köln,
  kosovo, kuwait, kyoto, lagos, las vegas, latin america, latvia, lebanon, leeds, leipzig, lima, lisbon, lithuania, liverpool, london, londres, los angeles, louisiana, luxembourg, lyon, madrid, malaysia, mali, malta, manchester,
  manila, marseille, massachusetts, melbourne, mexico, mexico city, miami, michigan, middle east, milan, milano, minnesota, mississippi, missouri, moldova, mongolia, montana, montreal, morocco,
  moscow, moskau, mumbai, munich, myanmar, münchen, nairobi, namibia, naples, nebraska, nepal, netherlands, nevada, new delhi, new hampshire, new jersey, new mexico, new orleans,
  new york, new york city, new zealand, nicaragua, nigeria, north america, north carolina, north dakota, north korea, northern ireland, norway, nürnberg, ohio, oklahoma, ontario, oregon, osaka,
  oslo, österreich, ottawa, oxford, pakistan, palestine, panama, paraguay, paris, pennsylvania, peru, philadelphia, philippines, poland, polen, porto, portugal, prag, prague, quebec,
  rhode island, rio de janeiro, riyadh, roma, romania, rome, rotterdam, russia, russland, rwanda, salzburg, san diego, san francisco, santiago, saudi arabia, schweiz, scotland, seattle, senegal, seoul,
  serbia, shanghai, siberia, singapore, slovakia, slovenia, somalia, south africa, south america, south carolina, south dakota, south korea, soviet union, spain, spanien, sri lanka, stockholm, stuttgart,
  sudan, sweden, switzerland, sydney, syria, são paulo, taipei, taiwan, tanzania, tehran, tel aviv, tennessee, texas, thailand, tibet, tokyo, toronto, tunisia, turin, turkey, türkei, uganda,
  ukraine, united arab emirates, united kingdom, united states, united states of america, uruguay, utah, uzbekistan, vancouver, vatican, venezuela, venice, vermont, vienna, vietnam, wales, warsaw, washington,
  west virginia, wien, wisconsin, wyoming, yemen, yugoslavia, zambia, zimbabwe, zurich, zürich, uk, usa, u.s, u.k, us, eu`);

/** Organisations known by name or letters. */
export const ORGANIZATIONS = names(`
  nato, un, unesco, unicef, who, imf, opec, nasa, esa, fbi, cia, nsa, bbc, cnn, nbc, cbs, abc, fox, ard, zdf, ibm, sap, bmw, vw, amd, hp, at&t, mit, ucla, eth, cern,
  google, microsoft, apple, amazon, facebook, meta, twitter, netflix, intel, nvidia, oracle, samsung, sony, toyota, volkswagen, siemens, bosch, airbus, boeing, tesla, spacex, openai, wikipedia,
  reuters, bloomberg, spiegel, walmart, disney, nintendo, sega, github, youtube, linkedin, mozilla, pfizer, biontech, moderna, bayer, basf, congress, parliament,
  pentagon, white house, kremlin, supreme court, european union, united nations, european commission, european central bank, world bank, federal reserve, red cross, bundestag, bundesrat, bundesregierung`);

/** Written with a capital without being names: days, months, peoples and what opens sentences. */
export const NO_NAMES = words(`
  oh ah hey well then thus hence indeed perhaps later earlier finally
  monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december montag dienstag mittwoch donnerstag
  freitag samstag sonntag januar februar märz mai juni juli oktober dezember today yesterday tomorrow however moreover although furthermore nevertheless meanwhile instead also
  figure table chapter section appendix page volume part step note example abstract introduction conclusion references copyright license i ok yes no thanks
  please thank good god internet web http https www pdf html url api pmid doi isbn ceo cto cfo gdp dna rna tv pc ad bc am pm jr sr phd vs et al`);

/** Of peoples and faiths: part of a name ("European Central Bank") but none alone. */
export const PEOPLES = words(`
  english french german spanish italian portuguese dutch russian chinese japanese korean arabic american british european african asian
  indian canadian australian mexican christian muslim jewish catholic islamic americans germans russians palestinians europeans`);

/** Words after a name that only people do. */
export const SAYING_VERBS = words(`
  said says say told tells added adds wrote writes argued argues explained explains asked asks replied replies announced noted notes stated claims claimed believes believed
  thinks thought married died born resigned testified tweeted sagte sagt erklärte erklärt meinte schrieb betonte dit déclaré dijo afirmó disse ha zei`);

/** Words before a name that only places follow. */
export const PLACE_CUES = words(
  `in at from near across throughout outside around aus nach bei à en dans vers desde hacia hasta dal dalla nel nella em uit naar`,
);

/** Small words that stand inside names. */
export const CONNECTORS = words(
  `of the de la las los del della di da do dos das du des van von der den zu zur zum bin ibn al el & für for`,
);
