import { RELATION_WEIGHTS } from './neighbours.ts';

/**
 * Parameters: user id, content id, version, limit. Each shared neighbour gives the lesser of the two
 * weights over log2(1 + degree), its degree being the contents (not versions) tied to it; a link, in
 * either direction or both, gives its weight once, and so does a citation, which is not counted as a link as well. Linear in the edges of the shared neighbours.
 */
export const RELATED_QUERY = `
WITH me AS (
  SELECT id FROM graph_contents WHERE user_id = $1 AND content_id = $2 AND version = $3
), near AS (
  SELECT mine.neighbour, mine.weight AS weight, other.weight AS other_weight, c.id, c.content_id
    FROM me
    JOIN graph_edges mine ON mine.content = me.id
    JOIN graph_edges other ON other.neighbour = mine.neighbour
    JOIN graph_contents c ON c.id = other.content
), degrees AS (
  SELECT neighbour, count(DISTINCT content_id)::double precision AS degree FROM near GROUP BY neighbour
), linked AS (
  SELECT c.id FROM me JOIN graph_links l ON l.content = me.id
    JOIN graph_contents c ON c.user_id = $1 AND c.content_id = l.target_id
  UNION
  SELECT l.content FROM me JOIN graph_links l ON l.user_id = $1 AND l.target_id = $2
), cited AS (
  SELECT w.content AS id FROM me JOIN graph_edges e ON e.content = me.id
    JOIN graph_neighbours n ON n.id = e.neighbour AND n.kind = 'reference'
    JOIN graph_works w ON w.user_id = $1 AND w.key = n.key
  UNION
  SELECT e.content FROM me JOIN graph_works w ON w.content = me.id
    JOIN graph_neighbours n ON n.user_id = $1 AND n.kind = 'reference' AND n.key = w.key
    JOIN graph_edges e ON e.neighbour = n.id
), parts AS (
  SELECT near.id, n.kind, n.name,
         least(near.weight, near.other_weight) * ln(2) / ln(1 + degrees.degree) AS part
    FROM near JOIN degrees USING (neighbour) JOIN graph_neighbours n ON n.id = near.neighbour
   WHERE near.content_id <> $2
  UNION ALL
  SELECT linked.id, 'link', coalesce(c.title, c.url, c.content_id), ${RELATION_WEIGHTS.link}
    FROM linked JOIN graph_contents c USING (id) WHERE c.content_id <> $2 AND id NOT IN (SELECT id FROM cited)
  UNION ALL
  SELECT cited.id, 'citation', coalesce(c.title, c.url, c.content_id), ${RELATION_WEIGHTS.citation}
    FROM cited JOIN graph_contents c USING (id) WHERE c.content_id <> $2
), sums AS (
  SELECT id, sum(part) AS score,
         (array_agg(jsonb_build_object('kind', kind, 'name', name) ORDER BY part DESC, kind, name))[1:10] AS reasons
    FROM parts GROUP BY id
)
SELECT c.user_id AS "userId", c.content_id AS "contentId", c.version, sums.score, to_jsonb(sums.reasons) AS reasons
  FROM sums JOIN graph_contents c USING (id)
 ORDER BY sums.score DESC, c.content_id, c.version DESC LIMIT $4`;
