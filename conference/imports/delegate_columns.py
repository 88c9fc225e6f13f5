"""Which column of a list of participants holds what: as somebody says, else as the words of its head say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from conference.imports.person_names import honorific_key, is_only_honorific
from content.imports import columns
from content.imports.columns import ColumnError, columns_of
from content.imports.spelling import plain
from content.imports.table import Table

FIELDS = ("delegation", "code", "category", "honorific", "name", "title", "affiliation")
# Not fields of their own: a name may stand in two columns.
_GIVEN, _FAMILY = "given name", "family name"

# The surest words first; a column is taken once. As `plain` gives them.
_WORDS = {
    "code": """
        delegation iso|iso3|iso2|iso 3|iso 2|iso code|country code|country iso|iso country code
        iso3 code|iso2 code|alpha 3|alpha 2|alpha3|alpha2|iso alpha 3|iso alpha 2|iso 3166|iso
        code pays|code du pays|codigo pais|codigo de pais|codigo del pais|код страны|国家代码
        رمز البلد|code iso|codigo iso|code|codigo|код|代码|الرمز
    """,
    _GIVEN: """
        first name|given name|given names|forename|firstname|givenname|prenom|prenoms|nombres
        имя|名|الاسم الأول
    """,
    _FAMILY: """
        last name|family name|surname|lastname|familyname|nom de famille|apellido|apellidos
        фамилия|姓|اسم العائلة|اللقب العائلي
    """,
    "name": """
        person name|full name|participant name|name of participant|name of the participant
        delegate name|name of delegate|name of representative|fullname|nom complet|nom et prenom
        nom et prenoms|prenom et nom|nom du participant|nombre completo|nombre y apellidos
        nombre y apellido|nombre del participante|фио|имя и фамилия|фамилия имя отчество
        фамилия и имя|участник|姓名|名字|与会者|الاسم الكامل|اسم المشارك|name|names|nom|nombre|الاسم
        participant|delegate|representative
    """,
    "delegation": """
        delegation|delegations|name of delegation|delegation name|name of the delegation
        nominator|party|nominating organization|nominating organisation|nominated by
        country organization|country organisation|country or organization
        country or organisation|party organization|nom de la delegation|delegacion
        nombre de la delegacion|делегация|название делегации|代表团|代表团名称|الوفد|اسم الوفد|partie
        parte|сторона|缔约方|الطرف|country|country name|state|member state|pays|nom du pays|pais
        страна|国家|国家名称|البلد|الدولة|organization name|organisation name
    """,
    "category": """
        group type|delegation type|type of delegation|participant type|type of participant
        category|categories|constituency|badge type|type of organization|type of organisation
        categorie|categoria|категория|类别|الفئة|group|groupe|grupo|группа|type|tipo|тип|类型|النوع
    """,
    "title": """
        job title|functional title|function|position|designation|job|occupation|role
        job title position|post|titre fonctionnel|fonction|poste|qualite|cargo|funcion|puesto
        должность|职务|职位|职称|الوظيفة|المنصب|المسمى الوظيفي|title|titre|titulo|функция
    """,
    "honorific": """
        honorific|salutation|prefix|personal title|courtesy title|form of address|civility
        civilite|appellation|tratamiento|обращение|титул|称谓|尊称|اللقب|title|titre|titulo|prefijo
    """,
    "affiliation": """
        affiliation|home organization|home organisation|employer|institution|organization
        organisation|company|ministry|agency|affiliations|organisme|ministere|employeur
        organizacion|institucion|afiliacion|empresa|организация|место работы|учреждение|单位|机构
        工作单位|所属机构|المنظمة|المؤسسة|جهة العمل|entity|department|division
    """,
}
# In this order, since the words of one are also said of another.
_ORDER = (_FAMILY, _GIVEN, "code", "name", "title", "delegation", "category", "honorific", "affiliation")


def _words(text: str) -> list[str]:
    return [plain(word) for line in text.splitlines() for word in line.split("|") if word.strip()]


_NAMES = {field: _words(text) for field, text in _WORDS.items()}
_ALL_NAMES = frozenset(name for names in _NAMES.values() for name in names)


def is_head(needed: Iterable[str] = ()):
    """For `read_table`: whether a line names columns, all of those that are needed or two that are known."""
    return columns.is_head(needed, lambda names: len({plain(name) for name in names} & _ALL_NAMES))


def resolve(chosen: Mapping[str, str], table: Table) -> dict[str, tuple[str, ...]]:
    """Field → columns: those that were chosen, and for a list without any choice those that their heads name.

    Raises ColumnError where the table then has no names, or no delegations.
    """
    found = {field: columns_of(column, table.columns) for field, column in chosen.items()} or guess(table)
    for needed, alternatives in (("name", ("name",)), ("delegation", ("delegation", "code"))):
        if not any(field in found for field in alternatives):
            raise ColumnError(
                f"no column is known to hold the {needed}: say which with {needed}=COLUMN;"
                f" the columns are {', '.join(table.columns)}"
            )
    return found


def guess(table: Table) -> dict[str, tuple[str, ...]]:
    free = {plain(column): column for column in reversed(table.columns)}
    found: dict[str, tuple[str, ...]] = {}
    for field in _ORDER:
        name = next((name for name in _NAMES[field] if name in free), None)
        if name and _fits(field, name, table, free[name]):
            found[field] = (free.pop(name),)
    _settle_names(found, free)
    if "delegation" not in found and "code" not in found and "affiliation" in found:
        found["delegation"] = found.pop("affiliation")
    return {field: found[field] for field in FIELDS if field in found}


def _fits(field: str, name: str, table: Table, column: str) -> bool:
    """ "Title" is the function of a person, or how they are addressed: its cells say which."""
    if name not in {"title", "titre", "titulo"}:
        return True
    samples = [text for text in table.samples(column, 20) if text]
    addressed = [text for text in samples if honorific_key(text) and is_only_honorific(text)]
    return (len(addressed) * 2 > len(samples)) == (field == "honorific")


def _settle_names(found: dict[str, tuple[str, ...]], free: dict[str, str]) -> None:
    """A surname and a given name make a name; "Nom" beside "Prénom" is the surname."""
    given, family = found.pop(_GIVEN, ()), found.pop(_FAMILY, ())
    name = found.get("name", ())
    is_half = bool(name) and plain(name[0]) in {"nom", "name", "nombre"}
    if given and family:
        free |= {plain(column): column for column in name}
        found["name"] = (*given, *family)
    elif given and is_half:
        found["name"] = (*given, *name)
    elif family and is_half:
        found["name"] = (*name, *family)
    elif (family or given) and not name:
        found["name"] = family or given
