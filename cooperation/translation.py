from content.translation import translate
from cooperation.models import Agreement, Facility, Field, Programme, Project, Transaction

translate(Agreement, "title", "summary", "withdrawal_reason")
translate(Field, "name")
translate(Facility, "name", "summary", "withdrawal_reason")
translate(Programme, "name", "summary", "withdrawal_reason")
translate(
    Project,
    "title",
    "description",
    "objectives",
    "target_groups",
    "further_description",
    "withdrawal_reason",
)
translate(Transaction, "description")
