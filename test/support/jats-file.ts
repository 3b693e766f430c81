/** A small article in JATS with one of everything that is read. */
export const JATS_FILE = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE article PUBLIC "-//NLM//DTD JATS (Z39.96) Journal Publishing DTD v1.3 20210610//EN" "JATS.dtd">
<article article-type="research-article" xml:lang="en" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:mml="http://www.w3.org/1998/Math/MathML">
<front><journal-meta><journal-title-group><journal-title>Journal of Lamps</journal-title></journal-title-group></journal-meta>
<article-meta><article-id pub-id-type="pmid">123</article-id><article-id pub-id-type="doi">10.1000/JATS</article-id>
<title-group><article-title>How <italic>lenses</italic> were
 ground</article-title></title-group>
<contrib-group>
<contrib contrib-type="author"><contrib-id contrib-id-type="orcid">https://orcid.org/0000-0002-1825-0097</contrib-id><name><surname>Keeper</surname><given-names>Ada</given-names></name><xref ref-type="aff" rid="a1"/></contrib>
<contrib contrib-type="author"><collab>The Lens Team</collab><aff><label>2</label>Harbour Works<email>x@y.example</email></aff></contrib>
<contrib contrib-type="editor"><name><surname>Ed</surname></name></contrib>
<aff id="a1"><label>1</label><institution>University of the Sea</institution> , <country>Norway</country></aff></contrib-group>
<pub-date pub-type="ppub"><year>2021</year></pub-date><pub-date pub-type="epub"><day>3</day><month>2</month><year>2021</year></pub-date>
<abstract abstract-type="graphical"><p>A picture.</p></abstract>
<abstract><title>Abstract</title><p>We tell how lenses were ground by hand.</p></abstract>
<kwd-group><kwd>lenses</kwd><kwd>lenses</kwd><kwd>sand</kwd></kwd-group></article-meta></front>
<body><sec><label>1</label><title>Introduction</title><p>Sand was <xref ref-type="bibr">[1]</xref> melted; see <ext-link xlink:href="https://lamps.example/sand">here</ext-link>.
<disp-formula><label>(1)</label><alternatives><graphic xlink:href="x.png"/><mml:math><mml:mi>f</mml:mi></mml:math><tex-math>\\begin{document}$f=1$\\end{document}</tex-math></alternatives></disp-formula> So it was.</p>
<sec><title>Tools</title><list list-type="order"><list-item><p>A wheel</p><list><list-item><p>of iron</p></list-item></list></list-item><list-item><p>Sand</p></list-item></list>
<fig id="f1"><label>Fig 1</label><caption><title>A wheel.</title><p>It turns.</p></caption><graphic xlink:href="f1.png"/></fig>
<table-wrap><label>Table 1</label><caption><p>Grains</p></caption><table><thead><tr><th colspan="2">Kind</th><th>Size</th></tr></thead>
<tbody><tr><td rowspan="2">fine</td><td>a</td><td>1</td></tr><tr><td>b</td><td>2</td></tr></tbody></table><table-wrap-foot><fn><p>In mm.</p></fn></table-wrap-foot></table-wrap>
<disp-quote><p>Grind slowly.</p></disp-quote><preformat>turn
 turn</preformat><boxed-text><p>A box.</p></boxed-text></sec></sec>
<sec><p>No name here.</p></sec></body>
<back><ack><title>Acknowledgements</title><p>We thank the sea.</p></ack>
<app-group><app><title>Appendix A</title><p>More sand.</p></app></app-group>
<ref-list><title>References</title>
<ref><label>[1]</label><mixed-citation publication-type="journal"><string-name><surname>Wick</surname>, <given-names>B.</given-names></string-name> <year>1899</year>. <article-title>Oil and light</article-title>. <source>Journal of Oil</source>. <pub-id pub-id-type="doi">10.1000/OIL</pub-id></mixed-citation></ref>
<ref><element-citation publication-type="book"><person-group person-group-type="editor"><name><surname>Ed</surname></name></person-group><person-group person-group-type="author"><name><surname>Lens</surname><given-names>C</given-names></name><collab>Team</collab></person-group><source>Glass</source><year>1901</year><ext-link xlink:href="https://doi.org/10.1000/glass">link</ext-link></element-citation></ref>
<ref><citation-alternatives><mixed-citation publication-type="journal">Ray R, J. Light 1 (1900)<source>J. Light</source></mixed-citation></citation-alternatives></ref>
<ref><element-citation><article-title>Attention</article-title><pub-id pub-id-type="arxiv">1706.03762</pub-id></element-citation></ref>
<ref><note><p>no citation</p></note></ref><ref><mixed-citation/></ref>
</ref-list></back></article>`;
