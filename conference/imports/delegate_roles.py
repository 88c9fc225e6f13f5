"""Who leads a delegation, as titles say it in six languages."""

from __future__ import annotations

import re
import unicodedata

from conference.choices import MemberRole
from content.imports.spelling import plain

_DEPUTY = r"""
(deputy|alternate|vice|assistant|co|second) (head|leader|chief|chair\w*) (of|to) (the )?(\w+ )?delegation
(deputy|alternate) head of the delegation
chef (adjointe?|suppleante?) de (la )?delegation|(vice|sous) chef\w* de (la )?delegation
(sub ?jefe|sub ?jefa|jef[ea] (adjunt[oa]|altern[oa])|vice ?jef[ea]) de (la )?delegacion
заместител\w+ (главы|руководителя) делегации
(代表团)?副团长|代表团副团长
نائب رئيس الوفد|نائبة رئيس الوفد
"""
_HEAD = r"""
(head|leader|chief|chair\w*) of (the |his |her |its )?(\w+ )?delegation|delegation (head|leader)
chef\w* de (la )?delegation
jef[ea] de (la )?delegacion
(глава|руководитель) делегации
代表团团长|^团长
رئيس الوفد|رئيسة الوفد|رئيس وفد
"""


def _pattern(words: str) -> re.Pattern:
    letters = unicodedata.normalize("NFKD", "|".join(filter(None, words.split("\n"))))
    return re.compile("".join(letter for letter in letters if not unicodedata.combining(letter)))


_ROLES = ((_pattern(_DEPUTY), MemberRole.DEPUTY), (_pattern(_HEAD), MemberRole.HEAD))


def role_of(title: str) -> MemberRole:
    words = plain(title)
    return next((role for pattern, role in _ROLES if pattern.search(words)), MemberRole.MEMBER)
