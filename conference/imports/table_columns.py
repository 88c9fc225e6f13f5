"""What the columns of a programme in a table are called, in the portal's six languages and in German."""

from __future__ import annotations

import re
from collections.abc import Iterable

from conference.imports.parsed import folded
from content.languages import CODES

# Names of one field, with bars between them.
_NAMES = {
    "title": (
        "title|session title|talk title|session|talk|event|event title|name|session name|summary|subject|"
        "topic|titre|intitulé|título|titulo|тема|название|заголовок|标题|題目|题目|名称|会议名称|主题|العنوان|عنوان|"
        "اسم الجلسة|titel|thema"
    ),
    "subtitle": "subtitle|sub title|sous-titre|subtítulo|подзаголовок|副标题|العنوان الفرعي|untertitel",
    "abstract": (
        "abstract|description|summary text|details|content|résumé|description longue|resumen|descripción|"
        "аннотация|описание|摘要|简介|内容|الملخص|الوصف|beschreibung|zusammenfassung"
    ),
    "date": (
        "date|day|session date|event date|start date|fecha|día|jour|date de début|дата|день|日期|会议日期|"
        "التاريخ|اليوم|datum|tag"
    ),
    "time": (
        "time|time slot|timeslot|slot|hours|heure|horaire|créneau|hora|horario|время|时间|時間|时段|الوقت|zeit|uhrzeit"
    ),
    "start": (
        "start|starts|starts at|start time|starttime|begin|begins|from|start datetime|début|"
        "heure de début|inicio|hora de inicio|comienzo|начало|время начала|开始|开始时间|起始时间|البداية|"
        "وقت البدء|beginn|von|anfang"
    ),
    "end": (
        "end|ends|ends at|end time|endtime|to|until|finish|end datetime|fin|heure de fin|hora de fin|"
        "término|конец|окончание|время окончания|结束|结束时间|终止时间|النهاية|وقت الانتهاء|ende|bis"
    ),
    "end_date": "end date|date de fin|fecha de fin|дата окончания|结束日期|تاريخ الانتهاء|enddatum",
    "duration": (
        "duration|duration minutes|minutes|length|durée|duración|длительность|продолжительность|时长|持续时间|"
        "المدة|dauer"
    ),
    "time_zone": "time zone|timezone|tz|fuseau horaire|zona horaria|часовой пояс|时区|المنطقة الزمنية|zeitzone",
    "room": (
        "room|location|hall|place|stage|room name|where|salle|lieu|sala|aula|lugar|зал|аудитория|место|"
        "помещение|会议室|房间|地点|会场|厅|القاعة|المكان|raum|saal|ort"
    ),
    "venue": (
        "venue|building|site|bâtiment|edificio|sede|здание|площадка|场馆|场地|大楼|المبنى|الموقع|gebäude|"
        "veranstaltungsort"
    ),
    "track": (
        "track|theme|stream|strand|thread|parcours|thématique|axe|pista|eje|línea temática|трек|"
        "направление|секция|专题|分会|轨道|方向|المسار|المحور|strang"
    ),
    "type": (
        "type|session type|format|kind|category|type de session|tipo|tipo de sesión|категория|тип|формат|"
        "类型|类别|形式|النوع|نوع الجلسة|art|typ|kategorie"
    ),
    "speakers": (
        "speakers|speaker|speaker name|speaker names|presenters|presenter|presented by|persons|people|"
        "participants|by|author|authors|intervenants|intervenant|orateurs|orateur|conférenciers|ponentes|"
        "ponente|oradores|orador|докладчики|докладчик|спикеры|спикер|выступающие|演讲者|演讲人|报告人|发言人|讲者|嘉宾|"
        "المتحدثون|المتحدث|المتحدثين|referenten|referent|referentin|sprecher|vortragende"
    ),
    "participations": "participations",
    "chair": (
        "chair|chairs|chairperson|session chair|président|présidente|presidente|председатель|主席|主持|الرئيس|vorsitz"
    ),
    "moderator": (
        "moderator|moderators|modérateur|modératrice|moderador|moderadora|модератор|主持人|مدير الجلسة|moderation"
    ),
    "panellist": (
        "panellists|panelists|panellist|panelist|panel|panélistes|panelistas|участники дискуссии|圆桌嘉宾|المحاورون"
    ),
    "keynote": "keynote speaker|keynote speakers|orateur principal|ponente principal|主旨演讲人|المتحدث الرئيسي",
    "rapporteur": "rapporteur|rapporteurs|relator|relatora|докладчик заседания|记录员|المقرر",
    "interpreter": "interpreter|interpreters|interprète|intérprete|переводчик|口译员|المترجم|dolmetscher",
    "host": "host|hosts|hosted by|hôte|anfitrión|ведущий|东道主|المضيف|gastgeber",
    "languages": (
        "language|languages|floor languages|langue|langues|idioma|idiomas|язык|языки|语言|语种|工作语言|اللغة|"
        "اللغات|sprache"
    ),
    "state": "state|status|état|statut|estado|статус|состояние|状态|الحالة|zustand",
    "id": "id|no|nr|number|session id|event id|identifier|code|numéro|número|номер|编号|序号|الرقم|nummer",
    "guid": "guid|uuid|uid",
    "slug": "slug",
    "url": (
        "url|website|web page|webpage|page|web|site web|sitio web|página web|сайт|网址|网站|链接|"
        "الموقع الإلكتروني|webseite"
    ),
    "recording_url": (
        "recording url|recording|video|video url|enregistrement|vidéo|grabación|запись|видео|录像|视频|"
        "التسجيل|aufzeichnung"
    ),
    "links": "links|link",
    "section": "section|section name|volet|sección|секция|分会|القسم|sektion",
    "parent": "parent",
    "interpretation": "interpretation",
    "lang": "lang",
    "fallback": "fallback",
}
# What our own tables have beside, and an import has nothing to learn from.
OWN = frozenset(
    "api_url edition previous_start previous_room documents modified sample verified_on"
    " sources start_date end_date unreviewed".split()
)
OWN_COLUMNS = frozenset({"id", "slug", "participations", "api_url"})
TEXTS = frozenset({"title", "subtitle", "abstract"})
ROLES = frozenset({"chair", "moderator", "panellist", "keynote", "rapporteur", "interpreter", "host"})
_IN_LANGUAGE = re.compile(
    rf"(.*?)[ ._\-]+[(\[]?({'|'.join(sorted(CODES, key=len, reverse=True))}|zh|cn)[)\]]?", re.IGNORECASE
)


def _plain(name: str) -> str:
    return " ".join(re.sub(r"[\s_:*#./№]+", " ", folded(name)).split())


_FIELD_OF_NAME = {_plain(name): field for field, names in _NAMES.items() for name in names.split("|")}


def field_of(column: str) -> str:
    """The field that a column holds, `title:fr` for a text in one language, or nothing."""
    plain = _plain(re.sub(r"\(.*?\)|\[.*?\]", "", column)) or _plain(column)
    if match := _IN_LANGUAGE.fullmatch(column.strip()):
        base, code = _FIELD_OF_NAME.get(_plain(match[1]), ""), match[2].lower()
        if base in TEXTS:
            return f"{base}:{'zh-hans' if code in {'zh', 'cn'} else code}"
    return _FIELD_OF_NAME.get(_plain(column)) or _FIELD_OF_NAME.get(plain, "")


def fields_of(columns: Iterable[str]) -> dict[str, str]:
    """Column → field; the first column of a field has it."""
    found: dict[str, str] = {}
    for column in columns:
        field = field_of(column)
        if field and field not in found.values():
            found[column] = field
    return found


def is_head(cells: Iterable[str]) -> bool:
    """A title, and something else that a programme has."""
    fields = set(fields_of(cells).values())
    return any(field.partition(":")[0] == "title" for field in fields) and len(fields) > 1
