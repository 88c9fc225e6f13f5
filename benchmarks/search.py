"""The search over 20,000 records, beside what it replaces: the same words looked for in every column of every row.

`make bench`, or alone `python -m benchmarks.search`. Then what the index costs when a thousand sessions are written,
in bulk and one by one, beside the same without its triggers. Ratios compare across machines; milliseconds don't.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable

from brst_site.embedded.server import throwaway

RECORDS = 20_000
TIMES = 7
SESSIONS = 1000
WORDS = (
    ("en", "water"),
    ("en", "solar energy"),
    ("en", '"joint laboratory"'),
    ("en", "laboratories for water"),
    ("zh-hans", "实验室"),
    ("zh-hans", "水"),
    ("ru", "лаборатории"),
    ("ar", "المختبرات"),
    ("en", "labratory"),
    ("en", "project"),
)
SUBJECTS = ("water", "soil", "seed", "rice", "vaccine", "satellite", "solar energy", "bridge", "port", "herb")
NAMES = {
    "en": "Project {n}: joint laboratory for {subject}",
    "zh_hans": "项目{n}：水与土壤联合实验室",
    "fr": "Projet {n} : laboratoire commun",
    "es": "Proyecto {n}: laboratorio conjunto",
    "ru": "Проект {n}: совместная лаборатория",
    "ar": "المشروع {n}: المختبر المشترك",
}
FEW = {
    "en": "Project {n} of {subject}",
    "zh_hans": "项目{n}",
    "fr": "Projet {n}",
    "es": "Proyecto {n}",
    "ru": "Проект {n}",
    "ar": "المشروع {n}",
}


def main() -> None:
    with throwaway(say=lambda line: None) as server:
        os.environ |= {"DATABASE_URL": server.url, "PORTAL_DATA_DIR": str(server.place.data_dir)}
        os.environ["DJANGO_SETTINGS_MODULE"] = "brst_site.settings"
        for command in (["migrate"], ["seed"]):
            subprocess.run(
                [sys.executable, "manage.py", *command, "--verbosity=0"], check=True, stdout=subprocess.DEVNULL
            )
        import django

        django.setup()
        make_projects()
        report_searches()
        report_writing()


def make_projects() -> None:
    """One in fifty is about a laboratory, the others are not; each has a text in six languages."""
    from django.db import connection

    from cooperation.models import Project

    projects = []
    for n in range(RECORDS):
        names = NAMES if n % 50 == 0 else FEW
        subject = SUBJECTS[n % len(SUBJECTS)]
        columns = {f"title_{code}": name.format(n=n, subject=subject) for code, name in names.items()}
        texts = {code: name.format(n=n, subject="") for code, name in FEW.items()}
        columns |= {f"description_{code}": f"<p>{(text + ' ') * 6}</p>" for code, text in texts.items()}
        project = Project(slug=f"bench-{n}", state="published", **columns)
        project.fill_sort_keys()
        projects.append(project)
    Project.objects.bulk_create(projects, batch_size=1000)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def report_searches() -> None:
    from django.utils.translation import override

    from brst_site import search
    from content.searching.query import Search
    from cooperation.listings import PROJECTS

    print(f"{RECORDS} projects; milliseconds, and how many times longer the look into every row takes")
    heads = ("language", "found", "list", "every row", "ratio", "all kinds", "typing")
    print(f"{'words':28}" + "".join(f"{head:>11}" for head in heads))
    for language, words in WORDS:
        with override(language):
            count, indexed = best(lambda words=words: PROJECTS.asked(q=words).count())
            _count, reference = best(lambda words=words: in_every_row(words).count())
            _found, everything = best(lambda w=words, code=language: search.find(Search(w, code), [], 20).count)
            _names, typing = best(lambda w=words, code=language: len(search.suggestions(Search(w, code), 8)))
        print(
            f"{words:28}{language:>11}{count:>11}{indexed:>11.1f}{reference:>11.1f}{reference / indexed:>11.0f}"
            f"{everything:>11.1f}{typing:>11.1f}"
        )
    print(PROJECTS.asked(q="laboratory solar").queryset.explain(analyze=True, timing=False))


def in_every_row(words: str):
    """As the filter was before there was an index."""
    from django.db.models import Q

    from content import languages
    from cooperation.models import Project

    columns = [languages.column(name, code) for name in ("title", "description") for code in languages.CODES]
    rows = Project.objects.published()
    for word in words.replace('"', "").split():
        anywhere = Q()
        for column in columns:
            anywhere |= Q(**{f"{column}__unaccent__icontains": word})
        rows = rows.filter(anywhere)
    return rows


def report_writing() -> None:
    from conference.models import Edition, Session

    edition = Edition.objects.first()

    def in_bulk():
        Session.objects.bulk_create([session(edition, n) for n in range(SESSIONS)])

    def one_by_one():
        for n in range(SESSIONS // 5):
            session(edition, n).save()

    print(f"\n{SESSIONS} sessions written, 1 kB of text each; seconds")
    for name, write in (("in bulk", in_bulk), (f"one by one ({SESSIONS // 5})", one_by_one)):
        with_index = written(write)
        without = written(write, indexed=False)
        print(f"{name:28}with the index {with_index:.2f}, without {without:.2f}, ratio {with_index / without:.1f}")


def session(edition, n: int):
    from conference.models import Session

    titles = {f"title_{code}": name.format(n=n, subject="seed") for code, name in NAMES.items()}
    made = Session(edition=edition, slug=f"bench-{n}", **titles, abstract_en="What it is about, and for whom. " * 32)
    made.fill_sort_keys()
    return made


def written(write: Callable[[], None], indexed: bool = True) -> float:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        if not indexed:
            cursor.execute("ALTER TABLE conference_session DISABLE TRIGGER search_insert")
        start = time.perf_counter()
        write()
        seconds = time.perf_counter() - start
        transaction.set_rollback(True)
    return seconds


def best(ask: Callable[[], int]) -> tuple[int, float]:
    """The answer, and the shortest time that it took, in milliseconds."""
    answer, shortest = 0, float("inf")
    for _again in range(TIMES):
        start = time.perf_counter()
        answer = ask()
        shortest = min(shortest, time.perf_counter() - start)
    return answer, shortest * 1000


if __name__ == "__main__":
    main()
