"""Which texts exist in six languages. Loaded by modeltranslation once all models are."""

from modeltranslation.translator import TranslationOptions, translator

from content.models import Article, Claim, Document, Figure, MenuItem, Page, Picture, Site, Source, Strand


def translate(model, *names: str) -> None:
    translator.register(model, type(f"{model.__name__}Translation", (TranslationOptions,), {"fields": names}))


translate(Site, "name", "short_name", "headline", "tagline", "introduction", "notice")
translate(MenuItem, "label")
translate(Strand, "name", "summary", "withdrawal_reason")
translate(Source, "title", "publisher", "author", "speaker", "speaker_role", "withdrawal_reason")
translate(Figure, "name", "unit", "scope", "withdrawal_reason")
translate(Claim, "name", "quote_translation", "speaker", "scope", "note", "preferred_reason", "withdrawal_reason")
translate(Article, "title", "summary", "body", "withdrawal_reason")
translate(Page, "title", "summary", "body", "withdrawal_reason")
translate(Picture, "name", "alternative_text", "credit", "withdrawal_reason")
translate(Document, "title", "summary", "withdrawal_reason")
