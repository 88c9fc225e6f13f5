"""The row of the site's revision, what bumps it, and the check of verbatim quotes."""

from django.db import migrations

BUMP = """
CREATE FUNCTION portal_bump_revision() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN RETURN NULL; END $body$;
CREATE CONSTRAINT TRIGGER bump_revision AFTER INSERT ON portal_pending_revision
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION portal_bump_revision();
INSERT INTO content_siterevision (id, number, changed_at) VALUES (1, 0, now());
"""
NO_BUMP = """
DELETE FROM content_siterevision;
DROP TRIGGER bump_revision ON portal_pending_revision;
DROP FUNCTION portal_bump_revision();
"""

# PostgreSQL counts characters of UTF-8 as Python does: code points.
QUOTES = """
CREATE FUNCTION portal_check_quote() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF NEW.quote_kind = 'verbatim' AND NOT EXISTS (
        SELECT 1 FROM content_source
        WHERE id = NEW.source_id AND substr(text, NEW."offset" + 1, char_length(NEW.quote)) = NEW.quote
    ) THEN
        RAISE EXCEPTION 'claim %: the source does not have these words at place %', NEW.slug, NEW."offset"
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claim_quote_in_source';
    END IF;
    RETURN NEW;
END $body$;
CREATE TRIGGER check_quote BEFORE INSERT OR UPDATE OF quote, quote_kind, "offset", source_id ON content_claim
    FOR EACH ROW EXECUTE FUNCTION portal_check_quote();

CREATE FUNCTION portal_check_quotes_of_source() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
    broken text;
BEGIN
    SELECT slug INTO broken FROM content_claim
    WHERE source_id = NEW.id AND quote_kind = 'verbatim'
        AND substr(NEW.text, "offset" + 1, char_length(quote)) <> quote
    LIMIT 1;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION 'source %: claim % quotes words that the altered text does not have there', NEW.slug, broken
            USING ERRCODE = 'check_violation', CONSTRAINT = 'source_keeps_its_quotes';
    END IF;
    RETURN NEW;
END $body$;
CREATE TRIGGER check_quotes BEFORE UPDATE OF text ON content_source
    FOR EACH ROW EXECUTE FUNCTION portal_check_quotes_of_source();
"""
NO_QUOTES = """
DROP TRIGGER check_quotes ON content_source;
DROP FUNCTION portal_check_quotes_of_source();
DROP TRIGGER check_quote ON content_claim;
DROP FUNCTION portal_check_quote();
"""


class Migration(migrations.Migration):
    dependencies = [("content", "0002_initial")]
    operations = [migrations.RunSQL(BUMP, NO_BUMP), migrations.RunSQL(QUOTES, NO_QUOTES)]
