"""What lists of participants call the groups that delegations belong to, in six languages."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal, NamedTuple

from conference.choices import DelegationCategory
from content.imports.spelling import plain

# Who sends delegations of this group: states, organisations, or either.
Sender = Literal["state", "organisation", ""]


class Group(NamedTuple):
    """`exact` is false where the portal has no category of that name and the nearest is taken."""

    category: DelegationCategory
    sender: Sender
    exact: bool = True


_C = DelegationCategory
_SENDERS: dict[str, Sender] = {
    _C.MEMBER: "state",
    _C.HOST: "state",
    _C.OBSERVER: "",
    _C.INTERGOVERNMENTAL: "organisation",
    _C.NON_GOVERNMENTAL: "organisation",
}

# The first that is found decides, so the more particular stand before the more general. Regular expressions, one a
# line, of words as `plain` gives them.
_WORDS: tuple[tuple[Group, str], ...] = (
    (
        Group(_C.HOST, "state"),
        r"""
        ^(host|hote|anfitrion)$
        \bhost (country|government|state|party)\b
        pays hote|pais anfitrion|принимающая сторона
        东道国|البلد المضيف
        """,
    ),
    (
        Group(_C.NON_GOVERNMENTAL, "organisation"),
        r"""
        non ?govern|non ?gouvern|no gubernamental|неправительствен|\bнпо\b
        非政府|غير الحكومية|غير حكومية
        \b\w{0,5}ngos?\b|\bongs?\b
        civil society|societe civile|sociedad civil|гражданск\w+ обществ|民间社会|المجتمع المدني
        """,
    ),
    (
        Group(_C.INTERGOVERNMENTAL, "organisation"),
        r"""
        inter ?govern|inter ?gouvern|intergub|межправительствен|\bмпо\b|政府间|الحكومية الدولية
        \bigos?\b|\boigs?\b
        international organi[sz]ation|organisations? internationale|organizacion(es)? internacional
        международн\w+ организац|国际组织|المنظمات الدولية
        united nations|nations unies|naciones unidas|объединенных нации|联合国|الأمم المتحدة
        \bun (system|secretariat|bod)|\bsecretariat\b|treaty bod|convention bodies|financial institution
        speciali[sz]ed agenc|institutions specialisees|organismos especializados
        специализированн|专门机构|الوكالات المتخصصة
        """,
    ),
    (
        Group(_C.OBSERVER, "state"),
        r"""
        observer (state|part|countr|govern)|non ?part(y|ies) state|non member state
        etats? observateur|etats? non membre|estados? observador
        государств\w* наблюдател|观察员国|دول مراقبة|الدول المراقبة
        """,
    ),
    (
        Group(_C.OBSERVER, "organisation"),
        r"""
        observer organi|organisations? observat|organizacion(es)? observador|организац\w+ наблюдател
        观察员组织|المنظمات المراقبة
        """,
    ),
    (Group(_C.OBSERVER, ""), r"""\bobservers?\b|\bobservat(eur|rice)s?\b|\bobservador|наблюдател|观察员|مراقب"""),
    (
        Group(_C.MEMBER, "state"),
        r"""
        \bpart(y|ies|ies?|es?)\b|\bparties?\b|сторон|缔约方|طرف|الأطراف
        \bmembers?\b|\bmembres?\b|\bmiembros?\b|член|成员|عضو|الأعضاء
        \bstates?\b|\betats?\b|\bestados?\b|государств|国家|دولة|الدول
        \bcountr(y|ies)\b|\bpays\b|\bpais(es)?\b|стран
        \bgovernments?\b|\bgouvernements?\b|\bgobiernos?\b|правительств|政府|الحكومات
        \bdelegat(es?|ions?)\b
        """,
    ),
    (
        Group(_C.OBSERVER, "organisation", False),
        r"""\bmedias?\b|\bpresse?\b|\bprensa\b|\bmedios\b|пресс|\bсми\b|媒体|新闻|الإعلام|الصحافة|journalis""",
    ),
    (
        Group(_C.NON_GOVERNMENTAL, "organisation", False),
        r"""
        academ|universit|universid|research|scien|institut
        \bbusiness\b|industr|compan|compagnie|empresa|private sector|chamber|trade union
        local (government|authorit)|municipal|youth|women|indigenous|farmers|foundation|association
        """,
    ),
)


def _pattern(words: str) -> re.Pattern:
    """Arabic letters lose their signs here as they do in `plain`."""
    joined = "|".join(filter(None, (line.strip() for line in words.splitlines())))
    letters = unicodedata.normalize("NFKD", joined)
    return re.compile("".join(letter for letter in letters if not unicodedata.combining(letter)))


_PATTERNS = tuple((_pattern(words), group) for group, words in _WORDS)


def read_category(text: str) -> Group | None:
    """The category that the words mean; the portal's own values too. None for words that say nothing of the kind."""
    words = plain(text)
    own = words.replace(" ", "_")
    if own in DelegationCategory.values:
        return Group(DelegationCategory(own), _SENDERS[own])
    return next((group for pattern, group in _PATTERNS if pattern.search(words)), None)
