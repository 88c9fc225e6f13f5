"""How texts become words, as functions of the database: the index and every query go through the same ones.

A word stands in the index as written (folded: without accents, case, vowel signs and full-width forms) and as its
stem in the language of its column. Of Chinese each pair of neighbouring characters is a word, and the last of a run
alone, so that a phrase of pairs finds any string and a prefix finds a single character.
"""

# Of a longer text the end is not found; PostgreSQL's vectors hold a megabyte.
LONGEST_TEXT = 25_000

# What stands inside a word without being part of it: vowel signs, tatweel, marks of direction, soft hyphens.
INVISIBLE = (
    r"\u00ad\u0300-\u036f\u0640\u064b-\u065f\u0670\u06d6-\u06ed"
    r"\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
)
# Written out, since what the server takes for a letter depends on its locale.
BETWEEN_WORDS = (
    r"\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u00d7\u00f7\u02b0-\u02ff"
    r"\u055a-\u055f\u0589\u05be\u060c\u061b\u061f\u066a-\u066d\u06d4\u1680\u2000-\u200a\u2010-\u2029\u202f-\u205f"
    r"\u20a0-\u20cf\u2100-\u2bff\u2e00-\u2e7f\u3000-\u3004\u3008-\u3030\u30fb\ufe10-\ufe6f\U0001f000-\U0001faff"
)
IDEOGRAPHS = r"\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
ARABIC_LETTERS = r"\u0620-\u064a\u0671-\u06d3"

FUNCTIONS = rf"""
CREATE OR REPLACE FUNCTION portal_search_clean(value text) RETURNS text LANGUAGE sql IMMUTABLE AS $body$
    SELECT btrim(regexp_replace(
        CASE WHEN octet_length(value) = char_length(value) THEN lower(value)
        ELSE regexp_replace(lower(normalize(value, NFKC)), '[{INVISIBLE}]+', '', 'g') END,
        '[{BETWEEN_WORDS}]+', ' ', 'g'))
$body$;

CREATE OR REPLACE FUNCTION portal_search_fold(cleaned text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $body$
BEGIN
    IF octet_length(cleaned) = char_length(cleaned) THEN
        RETURN cleaned;
    END IF;
    IF cleaned !~ '[{ARABIC_LETTERS}\u0660-\u0669\u06f0-\u06f9]' THEN
        RETURN unaccent(cleaned);
    END IF;
    RETURN translate(unaccent(cleaned), 'أإآٱىئیؤةک٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹', 'اااايييوهك01234567890123456789');
END $body$;

CREATE OR REPLACE FUNCTION portal_search_pairs(run text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $body$
DECLARE
    signs text[] := string_to_array(run, NULL);
    pairs text[] := signs;
BEGIN
    FOR place IN 1 .. cardinality(signs) - 1 LOOP
        pairs[place] := signs[place] || signs[place + 1];
    END LOOP;
    RETURN array_to_string(pairs, ' ');
END $body$;

CREATE OR REPLACE FUNCTION portal_search_segment(folded text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $body$
BEGIN
    IF octet_length(folded) = char_length(folded) OR folded !~ '[{IDEOGRAPHS}]' THEN
        RETURN folded;
    END IF;
    RETURN (
        SELECT string_agg(
            CASE WHEN piece[1] ~ '^[{IDEOGRAPHS}]' THEN portal_search_pairs(piece[1]) ELSE piece[1] END,
            ' ' ORDER BY place)
        FROM regexp_matches(folded, '[{IDEOGRAPHS}]+|[^{IDEOGRAPHS}]+', 'g') WITH ORDINALITY AS pieces (piece, place)
    );
END $body$;

-- Arabic words without the article and what is written together with it.
CREATE OR REPLACE FUNCTION portal_search_bare(folded text) RETURNS text LANGUAGE sql IMMUTABLE AS $body$
    SELECT regexp_replace(
        regexp_replace(folded, '(^| )(وال|فال|بال|كال|لل|ال)(?=[{ARABIC_LETTERS}]{{2}})', '\1', 'g'),
        '(^| )و(?=[{ARABIC_LETTERS}]{{4}})', '\1', 'g')
$body$;

-- The stemmer knows the endings of words with the article alone.
CREATE OR REPLACE FUNCTION portal_search_definite(bare text) RETURNS text LANGUAGE sql IMMUTABLE AS $body$
    SELECT regexp_replace(bare, '(^| )(?=[{ARABIC_LETTERS}])', '\1ال', 'g')
$body$;

-- The stems of a text in the grammar of its language, beside which it always stands as written.
CREATE OR REPLACE FUNCTION portal_search_stems(language text, cleaned text, folded text) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE AS $body$
DECLARE
    grammar regconfig;
    bare text;
    found tsvector;
BEGIN
    IF language = 'ar' THEN
        bare := portal_search_bare(folded);
        found := to_tsvector('pg_catalog.simple', bare)
            || to_tsvector('pg_catalog.arabic', portal_search_definite(bare));
        IF cleaned <> folded THEN
            found := found || to_tsvector('pg_catalog.arabic', portal_search_definite(portal_search_bare(cleaned)));
        END IF;
        RETURN found;
    END IF;
    grammar := CASE language
        WHEN 'en' THEN 'pg_catalog.english'::regconfig WHEN 'fr' THEN 'pg_catalog.french'::regconfig
        WHEN 'es' THEN 'pg_catalog.spanish'::regconfig WHEN 'ru' THEN 'pg_catalog.russian'::regconfig END;
    IF grammar IS NULL THEN
        RETURN ''::tsvector;
    END IF;
    -- Who leaves accents out must find what is written with them, and has the endings of neither.
    IF cleaned <> folded THEN
        RETURN to_tsvector(grammar, cleaned) || to_tsvector(grammar, folded);
    END IF;
    RETURN to_tsvector(grammar, folded);
END $body$;

CREATE OR REPLACE FUNCTION portal_search_exact(value text) RETURNS text LANGUAGE sql IMMUTABLE AS $body$
    SELECT '=' || left(value, 200)
$body$;

-- The vector of one text; `words` are those that a slip of the pen may mean.
CREATE OR REPLACE FUNCTION portal_search_text(
    language text, value text, weight "char", OUT vector tsvector, OUT words text[], OUT folded text
) LANGUAGE plpgsql IMMUTABLE AS $body$
DECLARE
    cleaned text;
BEGIN
    IF value IS NULL OR value = '' THEN
        vector := ''::tsvector;
        RETURN;
    END IF;
    cleaned := portal_search_clean(left(value, {LONGEST_TEXT}));
    folded := portal_search_fold(cleaned);
    vector := to_tsvector('pg_catalog.simple', portal_search_segment(folded));
    words := tsvector_to_array(vector);
    vector := setweight(vector || portal_search_stems(language, cleaned, folded), weight);
END $body$;

-- All that is searched of a record in one language.
CREATE OR REPLACE FUNCTION portal_search_language(
    language text, title text, summary text, body text, OUT vector tsvector, OUT words text[]
) LANGUAGE plpgsql IMMUTABLE AS $body$
DECLARE
    part record;
BEGIN
    part := portal_search_text(language, title, 'A');
    vector := part.vector;
    words := part.words;
    IF part.folded <> '' THEN
        vector := vector || array_to_tsvector(ARRAY[portal_search_exact(part.folded)]);
    END IF;
    IF summary <> '' THEN
        part := portal_search_text(language, summary, 'B');
        vector := vector || part.vector;
        words := words || part.words;
    END IF;
    IF body <> '' THEN
        part := portal_search_text(language, regexp_replace(body, '<[^>]*>|&[a-z]+;', ' ', 'g'), 'C');
        vector := vector || part.vector;
        words := words || part.words;
    END IF;
END $body$;

-- Codes and slugs are found exactly, and codes by their parts as well.
CREATE OR REPLACE FUNCTION portal_search_codes(slugs text[], codes text[]) RETURNS tsvector
LANGUAGE sql IMMUTABLE AS $body$
    SELECT array_to_tsvector(array_remove(ARRAY(
        SELECT portal_search_exact(lower(normalize(code, NFKC))) FROM unnest(slugs || codes) AS code WHERE code <> ''
    ), NULL)) || setweight(
        to_tsvector('pg_catalog.simple', portal_search_fold(portal_search_clean(array_to_string(codes, ' ')))), 'B')
$body$;

CREATE OR REPLACE FUNCTION portal_search_quoted(lexeme text) RETURNS text LANGUAGE sql IMMUTABLE AS $body$
    SELECT '''' || replace(replace(lexeme, '\', '\\'), '''', '''''') || ''''
$body$;

-- A word or phrase of a query, as what the index may have for it. Empty for what has no letter or digit.
CREATE OR REPLACE FUNCTION portal_search_term(term text, is_phrase boolean, is_prefix boolean) RETURNS tsquery
LANGUAGE plpgsql IMMUTABLE AS $body$
DECLARE
    cleaned text := portal_search_clean(term);
    folded text := portal_search_fold(cleaned);
    segmented text := portal_search_segment(folded);
    found tsquery;
    alternatives text[];
    grammar text;
BEGIN
    IF folded = '' THEN
        RETURN ''::tsquery;
    END IF;
    -- What follows the last character of a Chinese query may be anything: the next pair, or the end.
    IF segmented ~ '[{IDEOGRAPHS}] [{IDEOGRAPHS}]$' THEN
        segmented := left(segmented, -2);
    ELSIF segmented ~ '(^| )[{IDEOGRAPHS}]$' THEN
        is_prefix := true;
    END IF;
    found := phraseto_tsquery('pg_catalog.simple', segmented);
    IF numnode(found) = 0 THEN
        RETURN ''::tsquery;
    END IF;
    IF is_prefix THEN
        found := (found::text || ':*')::tsquery;
    END IF;
    IF is_phrase THEN
        RETURN found;
    END IF;
    alternatives := ARRAY[portal_search_exact(folded), portal_search_exact(lower(normalize(btrim(term), NFKC)))];
    IF folded !~ '[ {IDEOGRAPHS}]' THEN
        FOREACH grammar IN ARRAY CASE
            WHEN folded ~ '[{ARABIC_LETTERS}]' THEN ARRAY['ar']
            WHEN folded ~ '[\u0400-\u052f]' THEN ARRAY['ru']
            ELSE ARRAY['en', 'fr', 'es'] END
        LOOP
            alternatives := alternatives || tsvector_to_array(portal_search_stems(grammar, cleaned, folded));
        END LOOP;
    END IF;
    RETURN found || (
        -- Beside its own prefix, ts_rank would take a word for the same and give whatever begins with it no rank.
        SELECT string_agg(DISTINCT portal_search_quoted(lexeme), ' | ')::tsquery FROM unnest(alternatives) AS lexeme
        WHERE NOT (is_prefix AND lexeme = folded)
    );
END $body$;

-- Whether a word says nothing in a language: "the", "de".
CREATE OR REPLACE FUNCTION portal_search_is_empty(language text, word text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $body$
    SELECT language <> 'zh-hans' AND portal_search_stems(
        CASE language WHEN 'ar' THEN '' ELSE language END, lower(word), lower(word)) = ''::tsvector
        AND language <> 'ar' OR language = 'ar' AND to_tsvector('pg_catalog.arabic', word) = ''::tsvector
$body$;

-- Words in the language of the page count most, a whole title or code before anything else. What is in another
-- language alone is ranked by all that the record has, which takes longer to read.
CREATE OR REPLACE FUNCTION portal_search_rank(
    everything tsvector, own tsvector, words tsquery, whole tsquery, beginning tsquery
) RETURNS double precision LANGUAGE sql IMMUTABLE AS $body$
    SELECT CASE WHEN own @@ words THEN
        1 + 4 * ts_rank('{{0.05, 0.1, 0.4, 1}}', own, words)
        + CASE WHEN own @@ whole THEN 8 WHEN own @@ beginning THEN 1 ELSE 0 END
    ELSE
        ts_rank('{{0.05, 0.1, 0.4, 1}}', everything, words) + CASE WHEN everything @@ whole THEN 4 ELSE 0 END
    END::double precision
$body$;

-- A word without its ending in each grammar that it may belong to, and as it is.
CREATE OR REPLACE FUNCTION portal_search_forms(word text) RETURNS text[] LANGUAGE sql IMMUTABLE AS $body$
    SELECT ARRAY[word] || ARRAY(
        SELECT coalesce((tsvector_to_array(portal_search_stems(grammar, word, word)))[1], word)
        FROM unnest(CASE
            WHEN word ~ '[{ARABIC_LETTERS}]' THEN ARRAY['ar']
            WHEN word ~ '[\u0400-\u052f]' THEN ARRAY['ru']
            ELSE ARRAY['en', 'fr', 'es'] END) AS grammar
    )
$body$;

-- Words that look alike, or are one of `swapped`, with the forms of both, which may be nearer than the words are.
CREATE OR REPLACE FUNCTION portal_search_similar(
    asked text, swapped text[], OUT alike text, OUT asked_forms text[], OUT forms text[]
) RETURNS SETOF record LANGUAGE plpgsql STABLE AS $body$
BEGIN
    -- The parameter belongs to everybody only once the extension has been called in this session.
    PERFORM show_limit();
    PERFORM set_config('pg_trgm.similarity_threshold', '0.25', true);
    RETURN QUERY SELECT near.word, portal_search_forms(asked), portal_search_forms(near.word) FROM (
        SELECT words.word, words.word = ANY (swapped) AS is_swapped, similarity(words.word, asked) AS likeness FROM (
            SELECT known.word FROM content_searchword AS known WHERE known.word % asked
            UNION SELECT known.word FROM content_searchword AS known WHERE known.word = ANY (swapped)
        ) AS words ORDER BY is_swapped DESC, likeness DESC, word LIMIT 60
    ) AS near;
END $body$;
"""
