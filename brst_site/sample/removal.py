"""Takes away what is marked as sample, with its parts, and nothing else."""

from django.db import connection, models

from content.revision import parent_fields, public_models

NAMED = 5


class Attached(Exception):
    """Real records rest on sample ones. Its text is one line that names them."""


def remove() -> dict[type[models.Model], int]:
    """How many records were removed, by kind; parts that go with them are not counted."""
    paths = {model: path for model in public_models() if (path := path_to_mark(model))}
    if attached := [name for model in paths for name in attached_names(model, paths)]:
        more = f" and {len(attached) - NAMED} more" if len(attached) > NAMED else ""
        raise Attached(f"Nothing was removed: real records rest on sample data: {'; '.join(attached[:NAMED])}{more}.")
    counts = {}
    # Parts know that they are samples by what they belong to, so they go first. Otherwise the order is free: the
    # database checks references at the end of the transaction, and nothing real is among them.
    for model in sorted(paths, key=lambda model: paths[model].count("__"), reverse=True):
        removed = model._base_manager.filter(**{paths[model]: True})._raw_delete(connection.alias)
        if paths[model] == "sample" and removed:
            counts[model] = removed
    return counts


def path_to_mark(model: type[models.Model]) -> str:
    """From a record to the mark that makes it a sample: its own, or its owner's; '' where there is none."""
    if any(field.name == "sample" for field in model._meta.fields):
        return "sample"
    owner = owner_field(model)
    path = path_to_mark(owner.related_model) if owner else ""
    return f"{owner.name}__{path}" if path else ""


def owner_field(model: type[models.Model]) -> models.ForeignKey | None:
    if getattr(model, "revision_parent", ()):
        return parent_fields(model)[0]
    links = [field for field in model._meta.fields if field.many_to_one]
    if model._meta.auto_created:
        return next(field for field in links if field.related_model is model._meta.auto_created)
    return next((field for field in links if field.remote_field.on_delete is models.CASCADE), None)


def attached_names(model: type[models.Model], paths: dict[type[models.Model], str]) -> list[str]:
    """Records that would stay and point to one that would go."""
    staying = model._base_manager.exclude(**{paths[model]: True})
    return [
        f"{model._meta.verbose_name} “{record}”"
        for field in model._meta.fields
        if field.many_to_one and field.related_model in paths
        for record in staying.filter(**{f"{field.name}__{paths[field.related_model]}": True})
    ]
