"""What lists of participants call the groups that delegations belong to, in six languages."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from conference.choices import DelegationCategory
from conference.imports.person_names import plain

# Who sends delegations of this group: states, organisations, or either.
Sender = Literal["state", "organisation", ""]


class Group(NamedTuple):
    """`exact` is false where the portal has no category of that name and the nearest is taken."""

    category: DelegationCategory
    sender: Sender
    exact: bool = True


_C = DelegationCategory

# The first that is found decides, so the more particular stand before the more general.
_WORDS: tuple[tuple[str, Group], ...] = (
    (r"\bhost (country|government|state|party)\b|^host$|pays hote|pais anfitrion|東道国|东道国|принимающая сторона"
     r"|البلد المضيف|^(hote|anfitrion)$", Group(_C.HOST, "state")),
    (r"non ?govern|nongovern|\bngos?\b|\bongs?\b|\bong\b|no gubernamental|неправительствен|\bнпо\b|非政府|غير الحكومية|غير حكومية"
     r"|civil society|societe civile|sociedad civil|\b[a-z]*ingos?\b|\brin?ngos?\b|\btungos?\b", Group(_C.NON_GOVERNMENTAL, "organisation")),
    (r"inter ?govern|intergub|\bigos?\b|\boig\b|межправительствен|\bмпо\b|政府间|الحكومية الدولية|international organi[sz]ation"
     r"|organisations? internationales?|organizacion(es)? internacional(es)?|международн\w+ организац|国际组织|المنظمات الدولية"
     r"|united nations|nations unies|naciones unidas|объединенных наций|联合国|الأمم المتحدة|\bun (system|secretariat|bod)"
     r"|speciali[sz]ed agenc|institutions specialisees|organismos especializados|специализированн|专门机构|الوكالات المتخصصة"
     r"|\bsecretariat\b|treaty bod|convention bodies|financial institution", Group(_C.INTERGOVERNMENTAL, "organisation")),
    (r"observer (state|part|countr|govern)|non ?part(y|ies) state|etats? observateur|estados? observador|государств\w* наблюдател"
     r"|观察员国|دول مراقبة|الدول المراقبة|non member state|etats? non membres?", Group(_C.OBSERVER, "state")),
    (r"observer organi|organisations? observat|organizacion(es)? observador|организац\w+ наблюдател|观察员组织|المنظمات المراقبة",
     Group(_C.OBSERVER, "organisation")),
    (r"\bobservers?\b|\bobservateurs?\b|\bobservador(es|as?)?\b|наблюдател|观察员|مراقب", Group(_C.OBSERVER, "")),
    (r"\bpart(y|ies)\b|\bparties?\b|\bpartes?\b|\bmembers?\b|\bmembres?\b|\bmiembros?\b|\bstates?\b|\betats?\b|\bestados?\b"
     r"|\bcountr(y|ies)\b|\bpays\b|\bpais(es)?\b|\bgovernments?\b|\bgouvernements?\b|\bgobiernos?\b|\bсторон|член|государств|стран"
     r"|缔约方|成员|国家|政府|الأطراف|طرف|الأعضاء|عضو|الدول|دولة|\bdelegates?\b|\bdelegations?\b", Group(_C.MEMBER, "state")),
    (r"\bmedia\b|\bpress(e)?\b|\bprensa\b|\bmedias?\b|medios|пресс|сми|媒体|新闻|الإعلام|الصحافة|journalis", Group(_C.OBSERVER, "organisation", False)),
    (r"academ|universit|research|scien|institut|\bbusiness\b|industry|compan|compagnie|empresa|private sector|chamber|trade union"
     r"|local (government|authorit)|municipal|youth|women|indigenous|farmers|foundation|association", Group(_C.NON_GOVERNMENTAL, "organisation", False)),
)  # fmt: skip
_PATTERNS = tuple((re.compile(pattern), group) for pattern, group in _WORDS)


def read_category(text: str) -> Group | None:
    """The category that the words mean; the portal's own values too. None for words that say nothing of the kind."""
    words = plain(text)
    own = words.replace(" ", "_")
    if own in DelegationCategory.values:
        sender = {"member": "state", "host": "state", "observer": ""}.get(own, "organisation")
        return Group(DelegationCategory(own), sender)
    return next((group for pattern, group in _PATTERNS if pattern.search(words)), None)
